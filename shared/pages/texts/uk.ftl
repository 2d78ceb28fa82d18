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
