# Erasing a person's data
erasures = Стирання даних осіб
erasures-open = Стирання даних осіб: запропонувати, підтвердити, переглянути
erasures-words = Один адміністратор пропонує, інший підтверджує, і лише згодом дані зникають скрізь: у центрі, на вузлі обміну, на валізах. До того часу кожен із них може відхилити.
erasures-none = Нічого не пропонували стерти
erasure = Стирання даних особи
erasure-of = Стерти дані особи: { $name }
erasure-new = Запропонувати стерти дані
erasure-find = Номер звернення або ідентифікатор запису
erasure-find-hint = Будь-яке звернення цієї особи: решту буде знайдено за карткою мешканця, РНОКПП, ім’ям і датою народження
erasure-look = Показати, що буде стерто
erasure-when = Запропоновано
erasure-what = Що буде стерто
erasure-records =
    { $n ->
        [one] { $n } запис
        [few] { $n } записи
       *[many] { $n } записів
    }
erasure-reason = Підстава
erasure-reason-hint = Заява особи, рішення суду, закінчення строку зберігання. Без імен: підстава залишиться в журналі
erasure-open = Звернення ще не закрито: { $numbers }. Закрийте їх або позначте й впишіть, чому стираєте незакриті.
erasure-open-reason = Чому стираєте незакриті звернення
erasure-open-hint = Обов’язково, якщо позначено хоча б одне незакрите
erasure-plan-words = Зникне вміст позначених записів і ключі до них. Залишаться номери описів, час і хто працював із записами. Повернути стерте не зможе ніхто.
erasure-perhaps = Те саме ім’я, але ні карткою, ні номером, ні датою народження не доведено, що це та сама особа
erasure-born = нар. { $day }
erasure-no-born = дати народження не вказано
erasure-propose = Запропонувати стерти
erasure-named = Особу згадано в чужих справах
erasure-named-words = Ці записи — про інших людей, їх не буде стерто. Якщо треба, виправте в них лише згадку.
erasure-kind-resident = Картка мешканця
erasure-kind-visit = Виїзд
erasure-kind-request = Звернення
erasure-kind-consultation = Консультація
erasure-proposed = чекає на іншого адміністратора
erasure-waiting = підтверджено, набуде чинності { $time }
erasure-declined = відхилено
erasure-carried-out = стерто
erasure-carried-out-keys = стерто; ключ епохи чекає на валізу
erasure-proposed-by = Запропоновано
erasure-confirmed-by = Підтверджено
erasure-declined-by = Відхилено
erasure-done-at = Розпорядження видано
erasure-holders = Записи є на валізах
erasure-waits-for = Чекає на валізи
erasure-waits-hint = — їхню останню епоху ще не завершено: ключ зникне, коли валіза вийде на зв’язок. Якщо валізу втрачено, відкличте її.
erasure-confirm-title = Підтвердити
erasure-confirm-words = Звірте підставу й перелік. Після строку, який діє зараз, дані зникнуть без нового запитання.
erasure-confirm = Підтвердити стирання
erasure-own = Пропозиція — ваша: підтвердити має інший адміністратор.
erasure-decline-title = Відхилити
erasure-decline-reason = Чому відхиляєте
erasure-decline = Відхилити стирання
erasure-days-title = Строк до стирання
erasure-days = Днів між підтвердженням і стиранням
erasure-days-hint = Звичайно 7. 0 — лише коли строк визначив суд. Діє для того, що підтвердять після зміни
erasure-done-propose = Запропоновано: тепер має підтвердити інший адміністратор
erasure-done-confirm = Підтверджено
erasure-done-decline = Відхилено: нічого не стерто
erasure-done-days = Строк змінено
trace-erasure-proposed = запропоновано стерти дані особи
trace-erasure-confirmed = підтверджено стирання даних
trace-erasure-declined = відхилено стирання даних
trace-erasure-carried-out = видано розпорядження стерти дані
trace-erasure-days = змінено строк до стирання
aside-erased = Дані стерто за розпорядженням.
