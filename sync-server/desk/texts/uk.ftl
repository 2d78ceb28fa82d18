# Каркас
lock = Вийти
change = Обрати значення
queues = Черги
set-aside = Карантин
suitcases = Валізи
accounts = Облікові записи
own-passphrase = Мій пароль
hub-there = Зв’язок із вузлом обміну є.
hub-lost = Немає зв’язку з вузлом з { $time }. Можна працювати. { $n ->
    [0] Усе надіслано.
    [one] Чекає { $n } запис.
    [few] Чекають { $n } записи.
   *[other] Чекають { $n } записів.
 }
hub-unreached = Вузол обміну не відповідає. Можна працювати. { $n ->
    [0] Усе надіслано.
    [one] Чекає { $n } запис.
    [few] Чекають { $n } записи.
   *[other] Чекають { $n } записів.
 }
hub-damaged = Вузол обміну знайшов у себе пошкодження, { $n ->
    [one] { $n } місце.
    [few] { $n } місця.
   *[other] { $n } місць.
 } Скажіть адміністраторові: зупинити вузол і виконати hub-repair.
desk-damaged = На диску центру пошкоджено збережене.
desk-damaged-words = { $n ->
    [one] Знайдено { $n } пошкоджене місце.
    [few] Знайдено { $n } пошкоджені місця.
   *[other] Знайдено { $n } пошкоджених місць.
 } Скажіть адміністраторові: зупинити робоче місце й виконати «sync-server repair». Воно збереже вціліле й назве втрачене, а що має вузол обміну, повернеться. Що саме пошкоджено, каже «sync-server status». Працювати можна й далі.
hub-healing = Вузол обміну втратив дані: центр їх відновлює.
hub-not-yet = Зв’язку з вузлом обміну ще не було.
hub-catching-up = Центр відновлено з копії: чекає, доки вузол обміну поверне записане після неї. Нове не записується.
hub-cannot-prove = Центр відновлено з копії, а вузол обміну починав спочатку: нове не записується. Відновіть центр зі слів комплекту.
yes = так
no = ні
the-centre = центр
suitcase-n = валіза { $number }
impossible-time = { $time } (годинник хибний)
to-queue = До черги
to-suitcases = До списку валіз
to-accounts = До списку облікових записів
back-to-request = До звернення

# Вхід
sign-in-title = Вхід до центру
sign-in-words = Введіть своє ім’я входу і пароль.
sign-in-button = Увійти
sign-in-help = Забули пароль? Адміністратор системи задасть новий.
unseal-title = Центр опечатано
unseal-words = Після запуску центр не має ключів. Адміністратор системи вводить свій пароль, і центр відкривається. Вузол обміну тим часом приймає роботу валіз.
unseal-button = Розпечатати
unseal-help = Пароль забули всі адміністратори? Центр відновлюють із паперового набору (24 слова).
login = Ім’я входу
login-hint = латинські літери, цифри, крапка, дефіс
passphrase = Пароль
new-passphrase = Новий пароль
new-passphrase-hint = п’ять слів або більше, чи щонайменше 15 знаків
passphrase-now = Теперішній пароль
passphrase-again = Новий пароль ще раз
passphrase-set = Змінити пароль
own-passphrase-set = Пароль змінено. На інших пристроях ви вийшли.

# Повідомлення
title-not-found = Не знайдено
title-not-allowed = Не дозволено
title-refused = Не вдалося
title-busy = Зараз не вдалося
title-broken = Щось пішло не так
no-such-page = Такої сторінки немає. Перевірте адресу або поверніться до черги.
wrong-method = Цю адресу так не відкривають. Поверніться до черги і скористайтеся кнопками.
only-administrator = Ця сторінка лише для адміністраторів системи. Якщо вона вам потрібна, зверніться до адміністратора.
foreign-form = Запит прийшов із чужого сайту, і його не виконано. Відкрийте сторінку центру і спробуйте ще раз.
too-large = Надіслано забагато. Скоротіть текст і спробуйте ще раз.
too-slow = Центр не встиг відповісти. Спробуйте ще раз.
bad-form = Запит не вдалося прочитати. Поверніться назад і заповніть сторінку ще раз.
broken-off = Програма перервала роботу над сторінкою. Спробуйте ще раз; якщо повториться, збережіть журнал програми.

# Черга
filters = Добір звернень
search = Пошук
all-suitcases = усі
all-services = усі
from-day = Подано з
to-day = до
filter = Показати
filter-clear = Скинути
col-number = № звернення
col-official = № у журналі
col-taken = Прийнято
col-applicant = Заявник
col-service = Послуга
col-state = Стан
col-due = Передати до
col-news = Валіза · новини
col-suitcase = Валіза
col-taken-by = Взяв
col-action = Дія
take = Взяти
queue-empty = Тут порожньо: усе зроблено. Нові звернення з’являться самі.
queue-nothing-found = За цим добором нічого немає. Скиньте добір або змініть слова.
sorted-due = За строком передачі: найближчі першими
sorted-newest = За часом прийняття: найновіші першими
sorted-applicant = За прізвищем заявника
sorted-number = За номером звернення
sorted-service = За послугою
sorted-state = За станом
sorted-changed = За часом змін: останні першими
clock-wrong = годинник хибний
has-proposals = є пропозиції
has-contest = рішення розходяться
differences-n = { $n ->
    [one] { $n } розбіжність
    [few] { $n } розбіжності
   *[other] { $n } розбіжностей
}
overdue-by = { $n ->
    [one] { $day }, прострочено на { $n } роб. день
    [few] { $day }, прострочено на { $n } роб. дні
   *[other] { $day }, прострочено на { $n } роб. днів
}
due-today = { $day }, сьогодні
due-in = { $n ->
    [one] { $day } ({ $n } роб. день)
    [few] { $day } ({ $n } роб. дні)
   *[other] { $day } ({ $n } роб. днів)
}
just-now = щойно
minutes-ago = { $n } хв тому
hours-ago = { $n } год тому
days-ago = { $n ->
    [one] { $n } день тому
    [few] { $n } дні тому
   *[other] { $n } днів тому
}
news-more = { $n ->
    [one] +{ $n } нове, показати
    [few] +{ $n } нові, показати
   *[other] +{ $n } нових, показати
}
news-fewer = Список змінився, показати

# Звернення
official-is = у журналі № { $number }
papers = Документи
no-papers = Документів не подано.
paper-name = Назва
paper-details = Реквізити
paper-form = Форма
paper-sheets = Аркушів
paper-seen = Оригінал бачили
paper-returned = Повернуто
what-to-do = Що зробити
what-happened = Перебіг
not-possible-now = Чому інших дій зараз немає
nobody-to-grant = усі чинні валізи вже мають це звернення
print-opys = Друкувати опис
print-card = Друкувати картку
shared-with = Читають і пишуть валізи: { $numbers }.
differs = записи розходяться
is-proposal = пізніший запис чекає на рішення
difference-in = Розбіжність: { $field }.
proposal-in = Пропозиція після рішення: { $field }.
choose-value = Обрати значення
decisions-differ = Рішення ухвалено незалежно одне від одного, і вони розходяться.
choose-decision = Обрати рішення
decision = Рішення
difference-intro = Люди записали різне, не бачачи записів одне одного. Оберіть, що лишається; інше збережеться в перебігу.
proposal-intro = Перше значення чинне. Інші записано на виїзді вже після рішення центру: оберіть, чи брати їх.
decision-intro = Обидва рішення записано. Оберіть те, що чинне; інше лишиться в перебігу.
hand-over-in = { $n ->
    [one] передати до { $day } ({ $n } роб. день)
    [few] передати до { $day } ({ $n } роб. дні)
   *[other] передати до { $day } ({ $n } роб. днів)
}
hand-over-today = передати сьогодні, { $day }
hand-over-overdue = { $n ->
    [one] передати до { $day }, прострочено на { $n } роб. день
    [few] передати до { $day }, прострочено на { $n } роб. дні
   *[other] передати до { $day }, прострочено на { $n } роб. днів
}
do-accept = Прийняти в роботу
do-number = Дати номер у журналі
do-hand-over = Передати надавачу
do-ask = Запитати доповнення
do-supplement = Доповнення надійшло
do-ready = Результат готовий
do-handed-over = Видано
do-refuse = Відмовити
do-note = Додати нотатку
do-grant = Доручити валізі
do-take-back = Забрати у валізи
do-withdraw = Заявник відкликає
do-duplicate = Повтор іншого звернення
do-reopen = Відкрити знову
label-number = Номер у журналі
hint-number = порожньо — візьметься наступний вільний цього року
label-hand-over = Кому передано
label-ask = Що саме потрібно
label-supplement = Що надійшло
label-ready = Що за результат і де він
label-handed-over = Кому і як видано
label-refuse-known = Підстава за інформаційною карткою
label-refuse = Підстава і пояснення
label-note = Нотатка
label-grant = Валіза
label-take-back = Причина
label-take-back-suitcase = У якої валізи
hint-take-back = що вже є на валізі, вона мала змогу зберегти; далі записують під новими ключами, яких вона не має
hint-grant = валіза отримає звернення разом із мешканцем і виїздом до людини, щойно вийде на зв’язок
label-withdraw = Причина
label-duplicate = Номер іншого звернення
label-reopen = Чому відкрито знову
done-accept = Прийнято в роботу.
done-number = Номер у журналі дано.
done-hand-over = Передано надавачу.
done-ask = Запит на доповнення записано: валіза його отримає.
done-supplement = Доповнення записано.
done-ready = Записано: результат готовий.
done-handed-over = Видачу записано.
done-refuse = Відмову записано.
done-note = Нотатку додано.
done-grant = Звернення доручено валізі.
done-take-back = Звернення забрано у валізи: нового про нього вона не прочитає.
done-withdraw = Відкликання записано.
done-duplicate = Позначено як повтор.
done-reopen = Звернення відкрито знову.
done-resolve = Рішення записано: розбіжності більше немає.
event-accepted = Прийнято
event-registered = Зареєстровано в журналі
event-in-work = Взято в роботу
event-handed-over = Передано надавачу
event-asked = Запитано доповнення
event-supplemented = Доповнено
event-ready = Результат готовий
event-refused = Відмовлено
event-delivered = Видано
event-withdrawn = Відкликано
event-duplicate = Позначено як повтор
event-reopened = Відкрито знову
event-resolved = Розбіжність розв’язано
event-settled = Обрано одне з рішень
event-corrected = Виправлено
event-note = Нотатка
event-printed = Опис надруковано
event-ignored = не має сили
note-withdrawn = закреслено
not-after = не пізніше { $time }

# На папері
card-title = Картка звернення № { $number }
card-when = Коли
card-what = Що
card-who = Хто
card-signed = Працівник центру
card-printed = Надруковано { $time }
delivery-person = особисто в центрі
delivery-home = вдома, на виїзді
delivery-post = поштою
delivery-phone = телефоном
fee-free = безоплатно
fee-paid = { $fee }, квитанція { $receipt }
term-until = до { $day }
consent-given = Згоду на обробку персональних даних надано { $time }.

# Карантин
set-aside-words = Ці записи збережено, але до звернень не внесено: їх надіслала відкликана валіза, валіза без доступу, або їх не вдалося відкрити. Рішення ухвалює людина.
set-aside-empty = Карантин порожній.
set-aside-accept = Запис внесено.
set-aside-decline = Запис лишився в карантині назавжди; причину збережено.
entry-n = запис { $n }
aside-about = Звернення { $number }
aside-let-in = Внести
aside-leave = Відхилити
aside-all = { $place } · усі записи
aside-all-words = { $n ->
    [one] Тут { $n } запис цієї валізи. Якщо про всі рішення одне, впишіть причину раз. Що надійде згодом, чекатиме окремого рішення.
    [few] Тут { $n } записи цієї валізи. Якщо про всі рішення одне, впишіть причину раз. Що надійде згодом, чекатиме окремого рішення.
   *[other] Тут { $n } записів цієї валізи. Якщо про всі рішення одне, впишіть причину раз. Що надійде згодом, чекатиме окремого рішення.
 }
aside-all-in-reason = Чому внесено всі
aside-all-reason = Чому відхилено всі
aside-all-in = Внести всі: { $n }
aside-all-leave = Відхилити всі: { $n }
set-aside-accept-all = Записи внесено.
set-aside-decline-all = Записи лишилися в карантині назавжди; причину збережено.
aside-reason = Чому відхилено
aside-unopened = Запис не вдалося відкрити.
aside-gate = Запис має недозволену будову.
aside-other = Причина новіша за цю програму: оновіть її.
aside-later-version = Запис зробила новіша версія програми: оновіть центр.
aside-continued = Номер валізи перейшов до іншого ноутбука, а цей запис з’явився під старим ім’ям після того.
aside-quarantined = Запис надійшов від відкликаної валізи.
aside-proposal = Валіза змінила звернення, до якого не мала доступу.
aside-signature = Підпис запису не справджується.
aside-fork = Ланцюг валізи роздвоївся: можливо, ноутбук скопійовано або відновлено з копії.

# Валізи
no-suitcases = Валіз іще немає. Запросіть перший ноутбук.
col-laptop = Ноутбук
col-heard = Новини
col-entries = Записів
col-aside = У карантині
col-certificate = Посвідчення
never-heard = ще не виходила на зв’язок
suitcase-live = працює
suitcase-expired = посвідчення скінчилося, поновиться на зв’язку
suitcase-revoked = відкликано { $day }
certificate-until = { $n ->
    [one] до { $day } ({ $n } день)
    [few] до { $day } ({ $n } дні)
   *[other] до { $day } ({ $n } днів)
}
suitcase-title = Валіза { $number }
suitcase-about = Про валізу
invite-title = Запросити ноутбук
invite-words = Запрошення діє для одного ноутбука. Номер валізи друкується на описах.
suitcase-number = Номер валізи
invitation-hours = Скільки годин діє
invitation-hours-hint = від 1 до 336
invite = Запросити
invitations = Запрошення
invitation-open = чекає на ноутбук
invitation-used = використано
invitation-expired = строк минув
invitation-replaced = замінено новішим
invited-by = Хто запросив
invited-at = Коли
invited-until = Діє до
invitation-for = Запрошення для валізи { $number }
invitation-once = Запрошення показано лише тепер. Хто його має, той може зареєструвати ноутбук: не пересилайте відкрито.
invitation-words = На ноутбуці відкрийте програму валізи і введіть цей рядок або наведіть камеру на код.
invitation-line = Рядок запрошення
invitation-until = Діє до { $time }.
revoke-title = Відкликати валізу
revoke-words = Після відкликання валіза нічого не отримує, а все, що вона надішле, чекає в карантині на рішення людини. Скасувати відкликання не можна: ноутбук запрошують знову.
revoke-reason = Причина: викрадено, списано, замінено
revoke = Відкликати
revoked-why = Причина відкликання
keys-renewed = Ключі записів, які вона могла читати
keys-renewed-all = замінено для { $n } записів, востаннє { $time }: нового про них вона не прочитає
keys-renewed-some = замінено для { $n } записів, ще { $left } замінюються самі
keys-renewed-none = замінювати нічого: записів, які вона могла б читати далі, немає
suitcase-revoked-now = Валізу відкликано.

# Облікові записи
account-name = Прізвище та ім’я
account-rank = Що можна
rank-clerk = працівник: звернення
rank-administrator = адміністратор: звернення, валізи, облікові записи
account-active = діє
account-off = вимкнено
account-unseals = Розпечатує центр
account-add-title = Додати людину
account-add-button = Додати
account-add = Обліковий запис додано.
account-disable = Обліковий запис вимкнено.
account-passphrase = Пароль змінено, відкриті сесії завершено.
account-title = Обліковий запис { $login }
account-about = Про людину
account-passphrase-title = Новий пароль
account-disable-title = Вимкнути
account-disable-words = Людина більше не ввійде, і всі її сесії завершаться зараз. Записане нею лишається.
account-disable-button = Вимкнути обліковий запис
