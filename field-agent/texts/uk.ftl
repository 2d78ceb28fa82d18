# Каркас
suitcase = Валіза { $n }
nav-day = День
nav-requests = Звернення
nav-residents = Мешканці
nav-exchange = Обмін
nav-help = Довідка
to-the-start = На початок
yes = так
no = ні
open = Відкрити
show = Показати
show-all = Показати всі
show-them = Показати

# Стан
sending-now = Надсилаю…
small-things-wait = Чекають на зв’язок дрібні записи ({ $size }).
never-linked = Зв’язку з центром ще не було. Можна працювати.
standing-revoked = Центр відкликав цю валізу { $date }: { $reason }. Зв’яжіться з центром.
standing-expired = { $n ->
    [one] Строк посвідчення валізи минув { $n } день тому. Працюйте далі й зв’яжіться з центром.
    [few] Строк посвідчення валізи минув { $n } дні тому. Працюйте далі й зв’яжіться з центром.
   *[other] Строк посвідчення валізи минув { $n } днів тому. Працюйте далі й зв’яжіться з центром.
}
standing-unconfirmed = З { $date } валіза пише під новим ім’ям: диск ноутбука відновлено з копії, або їх два. Нічого не втрачено, працюйте далі. Зателефонуйте до центру, щоб підтвердили.
standing-continued = Номер цієї валізи перейшов до іншого ноутбука. Те, що вона надсилає, у центрі відкладено. Зателефонуйте до центру.
standing-waiting = Центр ще не підтвердив цю валізу.
clock-wrong = Годинник ноутбука показує { $shown }: виставте дату й час. Записи буде позначено.

# Вхід
unlock-title = Відімкнути валізу
unlock = Відімкнути
unlock-help = Забули пароль? Зателефонуйте до центру: вам продиктують слова відновлення.
field-officer = Хто працює
field-passphrase = Пароль
stranger-title = Цей браузер програма не знає
stranger = Відкрийте адресу, яку програма показала під час запуску. Вона діє один раз; якщо її вже використано, запустіть програму знову.
foreign-host-title = Не та адреса
foreign-host = Сторінки валізи відкриваються лише за адресою 127.0.0.1, яку показала програма.

# Помилки
not-found-title = Не знайдено
no-such-page = Такої сторінки немає. Можливо, адресу набрано з помилкою.
refused-title = Не виконано
busy-title = Зайнято
locked-title = Замкнено
no-link-title = Немає зв’язку
damaged-title = Дані пошкоджено
broken-title = Помилка програми
broken = Програма не впоралася з цією сторінкою. Написане збережено в чернетці. Спробуйте ще раз; якщо не допоможе, запустіть програму знову.
draft-gone-title = Чернетки вже немає
draft-gone = Звернення з цієї чернетки вже збережено або чернетку викинуто. Знайдіть його у списку звернень.
error-perhaps = { $words } Можливо: «{ $meant }».
kept-with-reason = залишено з поясненням.
kept-because = залишено з поясненням: { $reason }

# День
day-title = День { $date }
bytes-wait = Чекає на зв’язок: { $size }.
nothing-waits = Нічого не чекає: усе надіслано.
new-request = Нове звернення
find-request = Знайти звернення
drafts = Чернетки
draft-unnamed = Без імені
newest = Останні звернення
newest-caption = Останні звернення, новіші зверху
no-requests-yet = Звернень ще немає. Натисніть «Нове звернення».

# Звернення
search-words = Слова, номер, РНОКПП
search-residents = Прізвище, РНОКПП, село
field-state = Стан
everywhere = усюди
only-differing = лише з розбіжностями
requests-caption = Звернення
no-such-requests = Таких звернень немає. Змініть слова або натисніть «Показати всі».
column-number = №
column-applicant = Заявник
column-service = Послуга
column-time = Внесено
column-state = Стан
column-place = Де
column-what = Що
column-since = Відколи
column-resident = Мешканець
column-action = Дія
differences-n = { $n ->
    [one] { $n } розбіжність
    [few] { $n } розбіжності
   *[other] { $n } розбіжностей
}
clock-was-wrong = годинник був неправильний
clock-was-wrong-here = Коли це звернення вносили, годинник ноутбука був неправильний. Час доводить відмітка центру.
residents-caption = Мешканці, за прізвищем
no-residents = Таких мешканців на цій валізі немає.

# Форма
sections-of-form = Частини звернення
section-applicant = Заявник
section-ground = Підстава виїзду
section-address = Адреса і контакти
section-service = Послуга
section-answers = Відповіді
section-papers = Документи
section-consent = Згода
section-review = Перевірка
section-case = Провадження
group-document = Документ, що посвідчує особу
group-representative = Представник
group-organisation = Заявник – організація
group-pr = Зареєстроване місце проживання
group-pa = Живе за іншою адресою
group-contact = Як зв’язатися
group-paid = Сплачено
full-name = Прізвище, ім’я, по батькові
field-last = Прізвище
field-first = Власне ім’я
field-patr = По батькові
field-dob = Дата народження
field-sex = Стать
sex-f = жіноча
sex-m = чоловіча
field-rnokpp = РНОКПП
field-norn = Відмова від РНОКПП через релігійні переконання
field-unzr = УНЗР
field-doc = Вид документа
field-ser = Серія
field-num = Номер
field-issued = Виданий
field-until = Дійсний до
field-org = Орган, що видав
field-seen = Як встановлено особу
seen-original = бачив оригінал
seen-chip = прочитано чип
seen-diia = у «Дії»
seen-none = документа немає
field-orgname = Назва організації
field-edrpou = ЄДРПОУ
field-power = Підстава представництва
field-power_no = № довіреності
field-power_date = Дата довіреності
field-cat = Чому на виїзді
field-kat = Населений пункт
hint-settlement = Почніть писати; підказки за кодифікатором КАТОТТГ, стрілками
perhaps-place = Можливо, це
field-stype = Тип (вул., пров.)
field-street = Вулиця
field-house = Будинок
field-part = Корпус
field-flat = Квартира
field-index = Індекс
field-phone = Телефон
field-phone2 = Другий телефон
field-email = Електронна пошта
field-delivery = Як отримати результат
delivery-person = особисто в центрі
delivery-post = поштою
delivery-phone = телефоном
delivery-home = удома, на виїзді
field-service-words = Знайти послугу
hint-service = Будь-яке слово назви, групи чи життєвої ситуації
found-services = Знайдено
choose-service = Вибрати
change-service = Вибрати іншу
card-allowed = Тут можна
card-due = Строк
card-handover = Передати до
card-fee = Збір
card-exempt = Не платять
card-provider = Надає
estimated = орієнтовно, { $basis }
field-fee = Збір
field-fee_receipt = Квитанція №
field-fee_date = Дата квитанції
field-summary = Зміст звернення
answers-need-service = Спершу виберіть послугу.
answers-none = Ця послуга не має запитань.
papers-need-service = Спершу виберіть послугу.
papers-none = Документів не треба.
row-n = Рядок { $n }
add-row = Додати рядок
one-is-enough = досить одного: { $papers }
paper-needed = потрібен
paper-ask = за потреби
paper-original = оригінал
paper-copy = копія
paper-scan = скан
field-paper-seen = Бачив оригінал
field-paper-form = Що залишається
field-paper-sheets = Аркушів
field-paper-details = Серія, номер, дата
field-paper-returned = Повернуто одразу
sheets-n = { $n ->
    [one] { $n } аркуш
    [few] { $n } аркуші
   *[other] { $n } аркушів
}
consent-given-required = Зачитано, згода є
consent-given = Згода є
field-consent-by = Хто дав згоду
consent-by-applicant = заявник
consent-by-representative = представник
consent-by-witnesses = заявник при двох свідках
known-here = Уже є на валізі: { $who }.
this-person = Це вона / він
not-this-person = Це інша людина
resident-chosen = Заявник з тих, кого вже знаємо: { $who }.
find-known = Пошукати серед відомих
to-review = До перевірки
keep-draft = Зберегти чернетку
discard-draft = Викинути чернетку
draft-kept = Чернетку збережено
save-and-print = Зберегти і друкувати
back-to-form = Повернутися і змінити

# Збережено
saved-title = Збережено
saved-words = Звернення передасться саме, щойно буде зв’язок.
what-next = Що далі
next-print = Надрукуйте опис, { $name } підписує один примірник.
next-handover = Документи треба передати до { $date }.
next-due = Результат плануємо до { $date }.
another-service = Ще одна послуга для цієї людини
open-request = До звернення

# Сторінка звернення
request-title = Звернення № { $number }
correct-title = Виправлення звернення № { $number }
conflicts-title = Розбіжність у зверненні № { $number }
submitted = Внесено
officer = Вніс
official = Номер у журналі центру
correct = Виправити
to-the-list = До списку
history = Перебіг
not-before = доведено: не раніше { $time }
not-after = доведено: не пізніше { $time }
by-centre = центр
by-suitcase = валіза
event-ignored = нічого не змінює: стоїть інше рішення
never-printed = опис ще не друкували
printed-n = { $n ->
    [one] опис друкували { $n } раз
    [few] опис друкували { $n } рази
   *[other] опис друкували { $n } разів
}
centre-says = Центр: { $what }.
set-aside = Центр відклав:
set-aside-of = Центр відклав запис про { $number }:
differences-here = { $n ->
    [one] Тут { $n } розбіжність: люди записали різне.
    [few] Тут { $n } розбіжності: люди записали різне.
   *[other] Тут { $n } розбіжностей: люди записали різне.
}
choose-value = Вибрати правильне
no-differences = Розбіжностей немає.
choose-first = Оберіть одне зі значень або впишіть інше.
reason-first = Напишіть, чому саме так.
supplement = Донесено те, чого бракувало
what-was-brought = Що донесено
supplement-send = Записати
deliver = Видача результату
how-delivered = Кому і як видано
deliver-send = Результат видано
notes = Нотатки
no-notes = Нотаток немає.
note-words = Нова нотатка
add-note = Додати нотатку
withdraw-note = Відкликати
note-withdrawn = (відкликано)
withdraw = Заявник відкликає звернення
why-withdrawn = Чому відкликає
withdraw-send = Відкликати звернення
why-corrected = Чому виправляєте
hint-why-corrected = Обов’язково, якщо опис уже надруковано
save-correction = Зберегти виправлення

# Обмін
contact = Зв’язок
waits = Чекає
entries-wait = { $n ->
    [one] { $n } запис, { $size }
    [few] { $n } записи, { $size }
   *[other] { $n } записів, { $size }
}
last-success = Останній успішний обмін
centre-news = Новини центру
news-held-back = Центр повідомив більше, ніж сюди дійшло: хтось на шляху їх притримує. Спробуйте інший зв’язок або флешку чи зателефонуйте до центру.
news-aged = { $n ->
    [one] { $time }, { $n } день тому
    [few] { $time }, { $n } дні тому
   *[many] { $time }, { $n } днів тому
}
never = ще не було
last-attempt = Остання спроба
last-attempt-good = вдала: надіслано { $sent }, отримано { $received }
next-attempt-label = Наступна спроба
next-attempt = { $n ->
    [one] через { $n } секунду або щойно щось запишете
    [few] через { $n } секунди або щойно щось запишете
   *[other] через { $n } секунд або щойно щось запишете
}
hub-address = Адреса центру
hub-refused = Центр не прийняв:
try-now = Спробувати зараз
not-at-centre = Ще не в центрі
exchange-caption = Звернення, яких центр ще не відкрив
status-all-sent = Усе надіслано; центр ще читає.
all-at-centre = Усі звернення в центрі.

# Довідка
key-new = Нове звернення
key-search = Пошук
key-sections = Розділи
key-rows = Рядки списку
key-open = Відкрити рядок
key-on = Далі
key-back = Назад
key-print = Друкувати опис
key-lock = Замкнути валізу
key-keys = Клавіші цієї сторінки
help-words = Слова
help-here-word = Тут
help-here = Звернення лише на цьому ноутбуці. Не вимикайте його надовго, поки не з’явиться зв’язок.
help-on-the-way-word = У дорозі
help-on-the-way = Вузол обміну зберіг звернення, центр ще не відкрив.
help-at-the-centre-word = У центрі
help-at-the-centre = Центр відкрив звернення і відповідає за нього.
help-draft-word = Чернетка
help-draft = Усе написане зберігається щосекунди і переживе вимкнення. Центр чернетки не бачить.
help-signature = Записи підписує валіза, а хто працював, засвідчує відімкнений пароль. Це не кваліфікований електронний підпис (КЕП).
