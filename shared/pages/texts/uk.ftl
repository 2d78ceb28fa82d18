# Каркас сторінки
brand = Валіза
title-error = Помилка: { $title }
skip = Перейти до змісту
sections = Розділи
lock = Замкнути
here = Тут
on-the-way = У дорозі
at-the-centre = У центрі
close = Закрити
keys-title = Клавіші
keys-letters = Клавіші з однієї літери увімкнено

# Поля
optional = (необов’язково)
error-prefix = Помилка:
warning-prefix = Попередження:
warning-fix = Виправити на «{ $value }»
warning-reason = Або залишити, як є. Пояснення:
date-form = ДД.ММ.РРРР
choose = — оберіть —
suggest-none = Нічого не знайдено. Можна залишити написане.
errors-plain = Не вдалося
errors-title = { $n ->
    [one] Виправте { $n } помилку
    [few] Виправте { $n } помилки
   *[other] Виправте { $n } помилок
}

# Дії
save = Зберегти
change = Змінити
next = Далі
previous = Назад
print = Друкувати
undo = Повернути
cancel = Скасувати

# Розділи форми
section-not-started = не почато
section-started = у роботі
section-done = готово
section-wrong = помилка

# Стани надсилання
state-waiting = чекає
state-on-the-way = у дорозі
state-at-the-centre = у центрі
state-overdue = прострочено

# Числа
requests = { $n ->
    [one] { $n } звернення
    [few] { $n } звернення
   *[other] { $n } звернень
}
pages = Сторінки списку
page-n = Сторінка { $n }
rows-total = { $n ->
    [one] Усього { $n } рядок
    [few] Усього { $n } рядки
   *[other] Усього { $n } рядків
}

# Речення стану
status-all-at-centre = Усе в центрі.
status-waiting = { $n ->
    [one] { $n } звернення чекає на зв’язок ({ $size }).
    [few] { $n } звернення чекають на зв’язок ({ $size }).
   *[other] { $n } звернень чекають на зв’язок ({ $size }).
}
status-sending = Надсилаю { $n } з { $of }, ще { $seconds } с.
status-no-link = Немає зв’язку з { $time }. Можна працювати.
status-conflicts = { $n ->
    [one] Потрібна ваша увага: { $n } розбіжність.
    [few] Потрібна ваша увага: { $n } розбіжності.
   *[other] Потрібна ваша увага: { $n } розбіжностей.
}
saved-at = Збережено { $time }
save-failed = Не збережено. Перевірте, чи працює програма; написане лишається на екрані.

# Розбіжність
who = Хто
when = Коли
where = Де
take-this = Взяти це
take-other = Інше значення
conflict-reason = Чому саме так
conflict-save = Зберегти рішення

# Опис
opys-title = Опис № { $number }
opys-from = від { $date }, { $time }
opys-subtitle = вхідного пакета документів на отримання адміністративної послуги
opys-applicant = Суб’єкт звернення
opys-organisation = Організація
opys-tax-number = РНОКПП
opys-address = Адреса
opys-phones = Телефони
opys-representative = Представник
opys-provider = Суб’єкт надання
opys-service = Адміністративна послуга
opys-card = Інформаційна картка
opys-object = Адреса об’єкта
opys-taken-at = Прийнято на виїзді за адресою
opys-term = Термін розгляду звернення
opys-fee = Адміністративний збір
opys-papers = Опис документів
opys-paper-number = №
opys-paper-name = Назва
opys-paper-details = Реквізити
opys-paper-form = Оригінал чи копія
opys-paper-sheets = Аркушів
opys-paper-returned = Повернуто
opys-no-papers = Документів не подано.
opys-sheets-total = { $n ->
    [one] Усього { $n } аркуш.
    [few] Усього { $n } аркуші.
   *[other] Усього { $n } аркушів.
}
opys-offline = Дані внесено без доступу до державних реєстрів.
opys-consent = Згода на обробку персональних даних
opys-delivery = Спосіб отримання результату
opys-administrator = Адміністратор
opys-signature = підпис
opys-date = дата
opys-initials = власне ім’я, прізвище
opys-stamp = Місце штампа адміністратора
opys-qr = QR-код: перевірка номера без мережі
opys-spoken = Номер для телефону
opys-contact = Довідки
opys-print = Друкувати опис
opys-large = Великим шрифтом
opys-normal = Звичайним шрифтом
opys-back = До звернення
opys-page = стор.
opys-page-of = з

# Папери
paper-application = Заява
paper-consent = Згода
paper-opys = Опис
paper-routing = Лист проходження
paper-foot = { $paper } № { $number }
paper-all = Усі разом
paper-print = Друкувати
paper-pdf = Зберегти як PDF/A
paper-chosen = обрано
paper-page-of-all = комплект, стор.
papers-of = Папери звернення № { $number }
paper-copy-applicant = Примірник заявника
paper-copy-case = Примірник справи
paper-code-by-suitcase = підпис валізи
paper-code-by-centre = підпис центру
paper-free = безоплатно
paper-to-be-confirmed = уточнюється
paper-until = до { $date }
paper-term = до { $date } ({ $basis })
paper-term-planned = до { $date } ({ $basis }, орієнтовно)
paper-fee-check = { $fee } (перевірити перед оплатою)
paper-fee-paid = { $fee }, квитанція № { $receipt }
paper-fee-paid-on = { $fee }, квитанція № { $receipt } від { $date }
paper-yes = так
paper-no = ні
paper-original = оригінал
paper-original-seen = оглянуто оригінал
paper-a-copy = копія
paper-scan = скан-копія
paper-delivery-person = особисто в центрі
paper-delivery-home = удома
paper-delivery-post = поштою
paper-delivery-phone = телефоном
paper-tax-number-refused = відмова від РНОКПП
paper-organisation-code = ЄДРПОУ { $code }
paper-power = { $name }, { $power }
paper-cadastral = кадастровий номер { $number }
paper-people-known = Дата народження, РНОКПП
paper-people-relation = Ким доводиться
paper-files = { $n ->
    [one] { $n } файл
    [few] { $n } файли
   *[other] { $n } файлів
}

# Заява
application-title = Заява № { $number }
application-of = від { $date }
application-subtitle = про надання адміністративної послуги
application-to = Кому
application-provider = Суб’єкт надання
application-who = Заявник
application-representative = Представник заявника
application-name = Прізвище, власне ім’я, по батькові
application-organisation = Організація
application-power = На підставі
application-born = Дата народження
application-document = Документ
application-address = Місце проживання (перебування)
application-contacts = Інші контакти
application-asks = Зміст звернення
application-please = Прошу надати адміністративну послугу: { $service }.
application-papers = Додаю документи
application-permission = Дозвіл на обробку персональних даних
application-permitted = Дозвіл надано { $by } { $date }: { $parts }. Текст згоди, версія { $version }, додано.
application-signs = Заявник
application-signs-representative = Представник заявника
application-taken = Заяву прийняв адміністратор
application-registered = Відмітка про реєстрацію: дата, номер, штамп

# Згода
consent-title = Згода на обробку персональних даних
consent-subtitle = до звернення № { $number }
consent-person = Суб’єкт персональних даних
consent-identity = Дата народження, документ
consent-given-by = Згоду дає
consent-version = Текст згоди
consent-version-is = версія { $version } від { $date }
consent-version-hash = версія { $version }, контрольна сума { $hash }
consent-version-both = версія { $version } від { $date }, контрольна сума { $hash }
consent-agreed = згоден (згодна)
consent-refused = не згоден (не згодна)
consent-missing = Текст цієї версії згоди зберігається в каталозі, за яким прийнято звернення; цей примірник програми його не має. Надано згоду на частини: { $parts }.
consent-details-elsewhere = Реквізити володільця даних стоять у примірнику, який надрукувала валіза; текст засвідчує контрольна сума.
consent-changed = Реквізити володільця даних змінено після того, як згоду було надано: контрольна сума тексту інша.
consent-signs = Підпис особи, яка дає згоду
consent-witness = Свідок { $n }
consent-in-presence = Згоду надано в присутності адміністратора
consent-at = { $date }, { $time }
consent-by-applicant = заявником
consent-by-representative = представником
consent-by-witnesses = заявником при свідках
consent-sentence = Згоду на обробку персональних даних надано { $by } { $date }: { $parts }.
consent-owner = Володілець даних: { $owner }.

# Лист проходження
routing-title = Лист проходження етапів отримання адміністративної послуги
routing-of = Справа № { $number }
routing-official = Номер у журналі
routing-due = Контрольна дата
routing-provider = суб’єкта надання
routing-stage-1 = 1. Відмітка про реєстрацію справи адміністратором
routing-stage-2 = 2. Відмітка про передачу справи до { $provider }
routing-stage-3 = 3. Відмітка про розгляд
routing-stage-4 = 4. Відмітка про передачу вихідного пакета до ЦНАП
routing-stage-5 = 5. Відмітка про отримання результату
routing-date = Дата
routing-number = Реєстраційний №
routing-administrator = Адміністратор
routing-signature = Підпис
routing-term = Термін розгляду
routing-responsible = Відповідальна особа
routing-received = Справу отримано
routing-executor = Виконавець, підпис
routing-decided = Дата і № оформлення
routing-result = Результат
routing-recipient = Хто отримав
routing-seal = М. П.
routing-part-of-case = Лист є невід’ємною частиною справи.

# Кінець зміни
paper-shift = Акт кінця зміни
shift-title = Акт кінця зміни
shift-nothing-left = На валізі нічого не залишилося. Усе, що на ній записано, прийняв вузол обміну й відкрив центр.
shift-with-remarks = { $n ->
    [one] Прийнято із зауваженнями: { $n } запис
    [few] Прийнято із зауваженнями: { $n } записи
   *[other] Прийнято із зауваженнями: { $n } записів
}
shift-remarks-words = Ці записи теж у центрі, але не серед його справ: рішення за людиною або за оновленням програми центру.
shift-with-drafts = { $n ->
    [one] { $n } чернетка залишається на валізі за словом адміністратора
    [few] { $n } чернетки залишаються на валізі за словом адміністратора
   *[other] { $n } чернеток залишаються на валізі за словом адміністратора
}
shift-drafts-words = Чернетка є лише на цьому ноутбуці: її немає ні в центрі, ні в копіях.
shift-suitcase = Валіза
shift-officer = Адміністратор
shift-at = Час за годинником валізи
shift-requests = Звернень за цей день
shift-requests-all = Звернень усього
shift-back = До кінця зміни
shift-last = Останній запис
shift-anchored = Вузол обміну прийняв
shift-verdict = Центр відкрив: запис його ланцюга
shift-register = Новини центру до запису
shift-entry = Запис
shift-request = Звернення
shift-why = Що з ним
shift-service = Послуга
shift-changed = Остання зміна
shift-no-service = послугу ще не вибрано
shift-signs = Здав адміністратор
shift-takes = Прийняв працівник центру
shift-signed-by = підпис валізи
shift-check = Перевірити: у центрі, сторінка «Перевірити акт» або sync-server check-statement.
shift-why-word = { $code ->
    [1] ще не відкрито: бракує ключа або попередніх змін
    [2] вигляд запису не той, що пише Валіза
    [3] новіший за програму центру: чекає на оновлення
    [4] карантин: записано після відкликання валізи
    [5] пропозиція: центр вирішив раніше або запис не доручено
    [6] підпис запису не збігається
    [7] розгалуження: центр знає інший запис із цим номером
    [8] відкладено
    [9] стерто за розпорядженням центру
   *[other] відкладено з причини, новішої за цю програму: оновіть її
}
