# Каталог: випуски
catalogue = Каталог
catalogue-words = Послуги, документи, плата і строки, за якими працюють валізи. Кожна зміна — це новий випуск із номером і днем, з якого він діє.
catalogue-releases = Випуски каталогу
catalogue-have = Найновіший випуск мають валіз: { $have } із { $all }.
catalogue-who = Які валізи мають випуск
catalogue-services = Послуги
catalogue-done-publish = Випуск опубліковано. Валізи отримають його під час найближчого зв’язку.
catalogue-done-discard = Чернетку викинуто.
catalogue-done-ended = Пробу завершено: валіза отримає те, чим користуються всі, під час найближчого зв’язку.
to-catalogue = До каталогу
to-release = До випуску { $number }
to-draft = До чернетки
to-be-confirmed = уточнюється
release = Випуск
catalogue-release-n = випуск { $number }
release-title = Випуск { $number } каталогу
release-from = Діє з
release-changes = Відмінностей
release-published = Опубліковано
release-digest = Відбиток
release-reason = Чому
release-with-program = разом із програмою
release-in-force = в дії
release-coming = набуде чинності
release-trial = пробний, валіза { $suitcases }
release-trial-over = проба завершена, валіза { $suitcases }
release-replaced = замінений
release-refused = не взято
release-about = Про випуск
release-against = Відмінності від випуску { $number }
release-first = Перший випуск: порівнювати нема з чим
release-files = Файли
release-archive = Завантажити всі файли одним
release-files-each = Кожен файл окремо
release-unknown = Що уточнюється
release-unknown-words = Жодне джерело не підтвердило: плату — для { $fees ->
    [one] { $fees } послуги
   *[other] { $fees } послуг
  }, строк — для { $terms ->
    [one] { $terms } послуги
   *[other] { $terms } послуг
  }. Знаєте — впишіть у новому випуску.
release-unknown-list = Перелік послуг
lacks-fee = немає плати
lacks-term = немає строку
no-changes = Нічого не змінено.
services-words = Назва, що можна зробити вдома, строк, плата.
roll-back = Почати чернетку, як у випуску { $number }
roll-back-words = Повернутися до цього випуску можна новим випуском із тим самим змістом: спершу побачите відмінності.
service-of-release = Так цю послугу бачить працівник за випуском { $number }.
service-at-home = Послуга
service-group = Група
service-mode = Що можна зробити вдома
service-needs = Що потрібно на місці
service-authorities = Хто надає
service-cost = Плата і строк
service-fee = Плата
service-fee-basis = Звідки плата
service-payee = Кому платять
service-exempt = Хто не платить
service-term = Строк
service-other-terms = В інших випадках
service-known-from = Звідки це відомо
service-results = Результат
service-acts = Акти
service-note = Примітка
service-sources = Джерела
not-confirmed = джерело не називає
mode-complete-on-site = усе вдома
mode-intake-only = прийняти документи
mode-online-assist = допомогти подати через портал
mode-not-available = лише порадити

# Хто що має
who-words = Валіза сама повідомляє, що взяла випуск. Поки не вийшла на зв’язок, вона працює за тим, що має.
holder-number = Має
holder-newest = Для неї є
holder-has = має
holder-not-yet = ще не має
holder-refused = не взяла
holder-remark = Примітка
holder-trial = пробує випуск { $number }
trial-end = Завершити пробу на валізі { $number }
trial-end-reason = Чому завершено

# Чернетки
draft = Чернетка
catalogue-drafts = Чернетки
draft-n = Чернетка { $number }
no-drafts = Чернеток немає.
draft-changed = Змінено
draft-new = Нова чернетка
draft-title = Назва чернетки
draft-title-hint = Наприклад: розміри плати з 1 січня
draft-from = Діє з
draft-from-hint = Порожньо — перший день наступного місяця
draft-files = Файли випуску
draft-files-hint = Один або кілька: catalogue.json, holidays.json, consent.json, territories.txt, services/….json або всі файли одним. Чого не вибрано, візьметься з найновішого випуску. Без файлів — зміните потрібне на сторінці.
draft-begin = Почати чернетку
draft-about = Про чернетку
draft-number = Буде випуском
draft-tried = Пробують
draft-tried-by = випуск { $number }: валіза { $suitcases }
draft-begun = Початок
draft-begun-from = від випуску { $number }; відтоді опубліковано новіший: відмінності нижче — від нього, разом із тим, що чернетка повертає
draft-against = Що зміниться проти випуску { $number }
draft-faults = У файлах є помилки.
draft-faults-words = { $n ->
    [one] Поки її не виправлено, чернетку не можна ні спробувати, ні опублікувати: { $n } помилка.
    [few] Поки їх не виправлено, чернетку не можна ні спробувати, ні опублікувати: { $n } помилки.
   *[other] Поки їх не виправлено, чернетку не можна ні спробувати, ні опублікувати: { $n } помилок.
  }
draft-edit = Змінити тут
draft-edit-words = Плату, строк, примітку і те, що можна зробити вдома, змінюють на сторінці послуги. Решту — у файлах.
draft-shared = Базові величини і календар
draft-try = Спробувати на одній валізі
draft-try-words = Валіза працюватиме за цим випуском з позначкою «пробний», доки його не опублікують для всіх або пробу не завершать. Інші валізи його не бачать.
draft-trial-from = Пробувати з
draft-trial-from-hint = Порожньо — від сьогодні
draft-try-button = Спробувати на цій валізі
draft-publish = Опублікувати для всіх
draft-publish-words = Випуск { $number } діятиме з { $day } на всіх валізах. Забрати його назад не можна: можна лише опублікувати наступний.
draft-nothing = Поки що нічого не змінено: публікувати нема чого.
draft-type-number = Номер випуску
draft-type-number-hint = Впишіть { $number }, щоб підтвердити
draft-reason = Чому
draft-late-hint = День уже минув: впишіть підставу дії заднім числом
draft-publish-button = Опублікувати
draft-when = Назва і день
draft-set = Зберегти назву і день
draft-own-files = Файли чернетки
draft-own-files-words = Решта файлів — як у випуску { $number }.
draft-file-drop = Узяти з випуску замість чернетки: { $name }
draft-file-gone = { $name } (вилучено)
draft-upload-button = Завантажити файли
draft-away = Викинути чернетку
draft-discard = Викинути
draft-done-try = Валіза отримає пробний випуск під час найближчого зв’язку.
draft-done-edit = Зміну збережено в чернетці.
draft-done-upload = Файли прийнято до чернетки.
draft-done-set = Збережено.
draft-done-drop = Файл узято з найновішого випуску.

# Зміни без файлів
edit-service-words = Зміни діятимуть із { $day }, коли чернетку опублікують.
edit-save = Зберегти в чернетці
edit-as-shown = Так послугу побачить працівник
edit-price-usual = Плата
edit-price-variant = Плата, якщо { $when }
edit-price-surcharge = Доплата, якщо { $when }
edit-price-value = { $what }: скільки
edit-price-hint = гривні або відсотки, наприклад 49,92
edit-term = Строк
edit-term-hint = число; порожньо — уточнюється
edit-unit = Чого
edit-note-uk = Примітка українською
edit-note-en = Примітка англійською
price-not-known = не відомо, чи платно
price-free = безоплатно
price-amount-not-known = платно, розмір уточнюється
price-amount = сума в гривнях
price-share = відсоток від: { $base }
unit-working = робочих днів
unit-calendar = календарних днів
unit-day = днів (яких — не сказано)
unit-month = місяців
unit-hour = годин
bases = Базові величини
bases-words = Від них рахують плату. Новий розмір діє зі свого дня, попередній закінчується напередодні.
base = Величина
base-from = З
base-to = До
base-amount = Розмір, грн
base-add = Додати розмір
calendar = Календар
holiday = Свято
holiday-uk = Назва українською
holiday-en = Назва англійською
holiday-first = Перший день
holiday-first-hint = число, місяць і перший рік; далі щороку того самого дня
holiday-day = День
holiday-from-year = З року
holiday-last-year = Останній рік
holiday-add = Додати свято
holiday-end = Припинити свято
martial-law-to = Останній день воєнного стану
martial-law-now = Воєнний стан, за якого святкові дні робочі: до { $day }.
martial-law-goes-on = триває
martial-law-end = Записати кінець воєнного стану

# На сторінці звернення
release-note = Прийнято за випуском { $taken } каталогу, а того дня діяв випуск { $expected }.
release-note-trial = Прийнято за пробним випуском { $taken } каталогу; для всіх того дня діяв випуск { $expected }.
release-note-unknown = Прийнято за випуском { $taken } каталогу, якого центр не має; того дня діяв випуск { $expected }.
release-note-since = Його опубліковано { $time }.
release-note-same = Для цієї послуги вони однакові.
