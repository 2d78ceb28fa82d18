# queues
# Списки: добори, взяти, кілька відразу
journal = Журнал
audit = Хто що бачив
own-filters = Мої добори
filter-keep = Зберегти цей добір
filter-name = Назва добору
filter-keep-button = Зберегти
filter-drop = Прибрати «{ $name }»
filter-more = Ще добір: стан, хто прийняв, хто взяв
filter-officer = Хто прийняв
all-states = усі
all-officers = усі
all-holders = усі
all-people = усі
held-by-nobody = ніхто
done-filter-kept = Добір збережено в меню.
done-filter-dropped = Добір прибрано.
take-next = Взяти наступне
nothing-to-take = Вільних звернень у цьому списку немає.
give-back = Віддати
accept-short = У роботу
bulk-label = З вибраними
bulk-button = Виконати
bulk-pick = Вибрати
bulk-pick-one = Вибрати { $number }
bulk-claim = взяти
bulk-release = віддати
bulk-accept = прийняти в роботу
bulk-number = дати номери в журналі
bulk-hand-over = передати надавачу
bulk-note = додати нотатку
bulk-chosen = { $n ->
    [one] Вибрано { $n } звернення.
    [few] Вибрано { $n } звернення.
   *[other] Вибрано { $n } звернень.
}
bulk-do = Виконати для всіх вибраних
bulk-done = Зроблено { $done } з { $all }; не вдалося { $refused }.
bulk-caption = Що вийшло з кожним
bulk-outcome = Наслідок
bulk-why = Пояснення
bulk-row-done = зроблено
bulk-row-same = уже було так
bulk-row-refused = не вдалося
hint-bulk-provider = порожньо — кожне надавачу своєї послуги
row-gone = у цьому списку його вже немає
do-claim = Взяти
do-release = Віддати
do-consider = Розгляд у надавача
do-notify = Повідомлено заявника
do-prolong = Продовжити строк
do-fee = Записати плату
do-undo = Скасувати останню дію
undo-until = можна до { $time }
done-claim = Звернення взято.
done-release = Звернення віддано.
done-consider = Позначку про розгляд поставлено.
done-notify = Повідомлення записано.
done-prolong = Строк продовжено.
done-fee = Плату записано.
done-undo = Останню дію скасовано.
done-not-duplicate = Записано: це різні звернення.
done-mark = Позначку поставлено.
label-claim = Взяти
label-accept = Прийняти
label-release = Чому забрано в іншого працівника
label-consider = Розгляд
label-notify = Що сказано
label-notify-way = Як повідомлено
label-prolong = Чому продовжено
label-prolong-day = Нова контрольна дата
label-fee = Підстава
hint-fee = Рішення, норма або документ про пільгу
label-fee-kind = Плата
fee-amount = сума
label-fee-amount = Сума, грн
hint-fee-amount = Наприклад: 83,20
way-phone = телефоном
way-sms = SMS
way-email = електронною поштою
way-post = поштою
way-person = особисто
held-by = взято: { $name }, { $time }
held-title = Звернення взяв інший працівник
held-notice = Звернення взято: { $name }, { $time }.
held-no-more = Поки ви дивилися, звернення віддали: воно вільне.
held-words = Двоє, що змінюють одне звернення, заважають одне одному: домовтеся. Якщо це справді маєте зробити ви, натисніть ще раз: у перебігу буде записано, хто й коли це зробив.
held-do = Усе одно зробити
held-leave = Не робити, повернутися до звернення
event-undone = Дію скасовано
event-claimed = Взято
event-released = Віддано
event-notified = Повідомлено заявника
event-prolonged = Строк продовжено
event-not-duplicate = Визнано окремим від схожого
event-mark = Позначка { $n }: { $what }
until-day = до { $day }
between = не раніше { $from }, не пізніше { $to }
not-before = не раніше { $time }
aside-in-reason = Чому внесено
looks-like = { $n ->
    [one] Схоже на { $n } інше звернення.
    [few] Схоже на { $n } інші звернення.
   *[other] Схоже на { $n } інших звернень.
}
twins-compare = Порівняти

# Лист про проходження
marks = Лист про проходження
marks-title = Лист про проходження: { $number }
mark-none = Ще немає.
mark-put = Поставити позначку
mark-correct = Доповнити або виправити
mark-day = Дата
mark-what = Що записано
mark-person = Особа
mark-by = Хто вніс
mark-number = № { $value }
mark-provider = кому: { $value }
mark-text = { $value }
mark-term = термін до { $value }
mark-result-day = результат від { $value }
mark-why = виправлено: { $value }
mark-replaced = замінено
mark-from-step = із перебігу, без особи
mark-stands = чинна
mark-words = Попередні позначки лишаються в листі й у перебігу; чинна остання.
mark-save = Записати позначку
label-mark-registered = Дата реєстрації
label-mark-registrar = Хто зареєстрував
label-mark-handed-over = Дата передачі
label-mark-responsible = Відповідальна особа в надавача
label-mark-term = Термін розгляду, до
label-mark-received = Справу отримано виконавцем
label-mark-executor = Виконавець
label-mark-result-day = Дата результату
label-mark-result-number = № результату
label-mark-result = Результат
label-mark-returned = Пакет надійшов до центру
label-mark-taken-in = Хто прийняв у центрі
label-mark-delivered = Дата отримання
label-mark-receiver = Хто отримав
label-mark-provider = Кому передано
label-mark-text = Примітка
label-mark-why = Чому виправлено
hint-mark-why = не потрібно, якщо лише доповнюєте порожнє
print-sheet = Друкувати лист про проходження
back-to-marks = До листа про проходження
who-saw = Хто бачив

# Схожі звернення
twins-title = Схожі звернення: { $number }
twins-words = Та сама послуга і той самий заявник або номер. Порівняйте і вирішіть; рішення лишається в перебігу.
twins-none = Схожих нерозглянутих звернень більше немає.
twins-with = Порівняння з { $number }
twins-open = Відкрити { $number }
twins-repeat = { $this } — повтор { $of }
twins-apart = Це різні звернення
label-apart = За чим видно, що вони різні
twins-caption = Звернення поруч
twin-field = Що
twin-compared = Порівняння
twin-same = однаково
twin-differs = різне
twin-born = Дата народження
twin-rnokpp = РНОКПП
twin-address = Адреса
twin-phone = Телефон
twin-summary = Зміст
twin-officer = Хто прийняв
to-duplicates = До дублікатів

# Журнал
journal-of-registration = Журнал реєстрації звернень
journal-from = Зареєстровано з
journal-total = { $n ->
    [one] { $n } запис
    [few] { $n } записи
   *[other] { $n } записів
}
journal-oldest = Перші спочатку
journal-newest = Останні спочатку
journal-print = Друкувати
journal-open-data = Відкриті дані (CSV)
journal-empty = У журналі ще немає записів: звернення потрапляє сюди, коли йому дають номер.
journal-period = зареєстровано з { $from } до { $to }
journal-left-out = { $n ->
    [one] Не надруковано { $n } запис: виберіть коротший період.
    [few] Не надруковано { $n } записи: виберіть коротший період.
   *[other] Не надруковано { $n } записів: виберіть коротший період.
}
to-journal = До журналу
journal-official = Реєстраційний номер
journal-submitted = Дата і час звернення
journal-registered = Зареєстровано; надійшло до центру
journal-arrived = надійшло { $value }
journal-applicant = Суб’єкт звернення
journal-representative = Представник, документ
journal-contact = Адреса, телефони, пошта
journal-service = Послуга
journal-provider = Суб’єкт надання
journal-sheets = Аркушів; спосіб подання
journal-sheets-n = { $n ->
    [one] { $n } аркуш
    [few] { $n } аркуші
   *[other] { $n } аркушів
}
journal-by-visit = виїзд
journal-by-desk = особисто в центрі
journal-fee = Збір, квитанція
journal-officer = Адміністратор; валіза; виїзд
journal-visit = виїзд { $value }
journal-handed-over = Передано надавачу
journal-due = Контрольна дата
journal-prolonged = продовжено до { $value }
journal-decided = знято з контролю { $value }
journal-result = Результат
journal-returned = Результат у центрі
journal-told = Заявника повідомлено
journal-received = Видано
journal-state = Статус; примітки
journal-category = категорія: { $value }
form-person = фізична особа
form-fop = ФОП
form-legal = юридична особа
outcome-granted = надано
outcome-refused = відмовлено

# Хто що бачив
audit-words = Хто відкривав персональні дані і що робив. Записи зберігаються в ланцюзі центру і не змінюються.
audit-caption = Дії і перегляди: останні першими
audit-empty = За цим добором нічого немає.
trace-at = Коли
trace-by = Хто
trace-login = Ім’я входу
trace-what = Що
trace-request = Звернення
trace-resident = мешканець
trace-about = Подробиці
trace-all = усе
trace-seen = перегляди
trace-done = дії
trace-from = З дня
trace-saw-page = відкрито сторінку звернення
trace-saw-card = надруковано картку
trace-saw-opys = надруковано опис
trace-saw-sheet = відкрито лист про проходження
trace-saw-compared = порівняно значення або схожі звернення
trace-saw-journal = переглянуто рядок журналу
trace-took-journal = журнал узято файлом або надруковано
trace-took-queue = чергу взято файлом
trace-searched = пошук у черзі
trace-ended-session = завершено чужу сесію
trace-unsealed = розпечатано центр
trace-took-backup = створено резервну копію
trace-checked-backup = звірено резервну копію
trace-read-stick = прочитано флешку
trace-wrote-stick = відповіді записано на флешку
trace-took-verifier = записано файл перевірки паперів
trace-saw-command = прочитано командою
trace-granted = доручено валізі
trace-taken-back = забрано у валізи
trace-keys-renewed = замінено ключі записів після відкликання валізи
trace-signed-in = вхід
trace-wrong-passphrase = хибний пароль
trace-registered = дано номер у журналі
trace-in-work = прийнято в роботу
trace-handed-over = передано надавачу
trace-asked = запитано доповнення
trace-supplemented = записано доповнення
trace-ready = результат готовий
trace-refused = відмовлено
trace-delivered = видано
trace-withdrawn = записано відкликання
trace-duplicate = позначено як повтор
trace-reopened = відкрито знову
trace-resolved = розв’язано розбіжність
trace-settled = обрано рішення
trace-corrected = виправлено поля
trace-undone = скасовано дію
trace-claimed = взято
trace-released = віддано
trace-stamped = позначка листа про проходження
trace-notified = повідомлено заявника
trace-prolonged = продовжено строк
trace-not-duplicate = визнано окремим
trace-note = нотатка
trace-account = змінено обліковий запис
trace-invited = запрошено валізу
trace-revoked = відкликано валізу
trace-accepted-aside = внесено з карантину
trace-declined-aside = відхилено в карантині
trace-right-passphrase = правильний пароль, далі код
trace-wrong-code = хибний код
trace-took-all = усі записи взято файлами
trace-saw-lost-report = відкрито звіт про втрату валізи
trace-took-audit = цей список узято файлом
trace-certified = зареєстровано ноутбук
trace-published = опубліковано випуск каталогу
trace-trial-ended = завершено пробу випуску
trace-settings = змінено налаштування захисту
trace-invitation-withdrawn = скасовано запрошення
trace-words-same = шість слів збіглися
trace-words-differ = шість слів різні, запрошення закрито
trace-chain-confirmed = підтверджено: валіза пише під новим ім’ям
trace-chain-declined = не визнано ноутбук, що почав заново
trace-contested = два ноутбуки під одним ланцюгом, запрошення закрито
trace-code-on = увімкнено код із застосунку
trace-code-off = вимкнено код із застосунку
trace-recovery-code = використано резервний код
trace-drill = вправа з комплектом
trace-place = записано місце валізи
trace-lost = записано втрату валізи
trace-recovered = пароль на валізі змінено словами центру
trace-read-out = показано код відновлення
trace-the-desk = центр
consultations = Консультації
consultation = консультація
consultation-recorded = Що записано
consultation-of = Консультація { $time }
to-consultations = До консультацій
consultations-empty = Консультацій ще немає: працівники записують їх у валізі, а сюди вони приходять зі зв’язком.
consultations-total = { $n ->
    [one] { $n } консультація
    [few] { $n } консультації
   *[other] { $n } консультацій
}
consulted-from = Записано з
consulted-at = Коли
consulted-about = Про що
consulted-where = Де
consulted-who = Хто питав
consulted-phone = Телефон
consulted-service = Послуга
consulted-topic = Запитання
consulted-outcome = Чим закінчилося
consulted-answer = Що порадили
consulted-by = Хто записав
consulted-notes = Нотатки
consulted-differing = Записано по-різному
consulted-on-visit = на виїзді
consulted-on-desk = у центрі
consulted-on-phone = телефоном
all-outcomes = усе
trace-saw-consultations = переглянуто консультацію
trace-took-consultations = консультації взято файлом
trace-details = змінено реквізити центру
