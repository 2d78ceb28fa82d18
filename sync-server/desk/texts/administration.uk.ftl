# administration

# backups
backups = Резервні копії
backup-about = Як із копіями
backup-last = Остання копія
backup-checked = Остання звірка
backup-drilled = Остання проба відновлення
backup-folder = Куди складаються
backup-not-yet = ще не було
backup-well = { $time } · { $name } · усе гаразд
backup-faults = { $time } · знайдено пошкоджень: { $n }
backup-never = Резервної копії ще не було. Зробіть першу зараз.
backup-old = Остання копія стара: { $time }. Зробіть нову.
backup-drill-due = Понад три місяці ніхто не пробував, чи копія справді відновлюється. Зробіть пробу.
backup-goes-on = Копія створюється або звіряється з { $time }. Сторінку можна залишити.
backup-failed-now = Не вдалося. { $why }
backup-look-again = Оновити сторінку
backup-words-both = Копіюються робоче місце і вузол обміну, поки вони працюють, у нову папку в { $folder }. Папка має бути на іншому диску, ніж центр.
backup-words-desk = Копіюється робоче місце, поки воно працює, у нову папку в { $folder }. Вузол обміну на іншій машині копіюють там.
backup-now = Зробити копію зараз
backup-list = Копії в цій папці
backup-none = Тут копій ще немає. Кнопка вище зробить першу.
backup-name = Папка
backup-made = Зроблено
backup-halves = Що в ній
backup-size = Розмір
backup-contents = Вміст
backup-half-hub = вузол обміну
backup-half-desk = робоче місце
backup-contents-checked = перевірено
backup-contents-sealed = лише байти: центр був опечатаний
backup-check-title = Звірити копію
backup-which = Котру копію
backup-check-now = Звірити
backup-drill-title = Проба відновлення
backup-drill-words = Копія, яку не пробували відновити, – ще не копія. Проба відновлює її в окрему папку, відкриває паролем, перевіряє кожен запис і прибирає за собою. Центр тим часом працює.
backup-drill-command = Команда на машині центру: sync-server backup drill { $folder }/ПАПКА
