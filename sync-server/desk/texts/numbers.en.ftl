# Register of numbers
numbers = Register of numbers
numbers-words = Every receipt number of every suitcase: used by a request, declared void by the suitcase, or in doubt. A suitcase counts each day from 1, so a gap in the count is a number, too.
numbers-caption = Receipt numbers, the newest days first
numbers-empty = There are no such numbers.
numbers-counts = Used { $used }, void { $void }, in doubt { $doubtful }.
numbers-missing = { $n ->
    [one] { $n } entry of suitcase { $suitcase } did not arrive: it may hold a number that is not seen here yet.
   *[other] { $n } entries of suitcase { $suitcase } did not arrive: they may hold numbers that are not seen here yet.
}
numbers-not-opened = Suitcase { $suitcase }: { $n } more entries are set aside than are opened for this register; which numbers they use is not seen here. Decide on them in “Quarantine”.
number-number = Number
number-day = Day
number-state = State
number-entry = The suitcase’s entry
number-why = Explanation
number-from = Days from
number-all-states = all
number-used = used
number-void = void
number-erased = there was a request; its data were erased by order
number-doubtful = in doubt
doubt-skipped = counted, and the suitcase said nothing about it: ask the officer to declare it void with a reason
doubt-passed-over = the suitcase went on under a new name and passed over these numbers, so that none is given twice; papers that its disk had made before and the centre never saw have numbers among these: compare with the sheets
doubt-void-too-late = the suitcase declared a number of these void after it had been revoked: that is not believed, compare with the paper
doubt-twice = two requests have this number: open both
doubt-counted-twice = another number has the same place in the day’s count: the suitcase was restored from a copy, or copied
doubt-void-and-used = the suitcase declared it void, and a request has it
doubt-set-aside = it stands in an entry that is set aside: see “Quarantine”
doubt-not-whole = the suitcase’s chain is not whole here up to this entry
doubt-foreign = another suitcase used it than the one it names
doubt-form = this is no receipt number
to-numbers = Register of numbers

# End-of-shift statement
check-shift = Check an end-of-shift statement
check-shift-words = Read the code on the statement with a scanner, or paste its text or the file’s contents. The centre compares it with what it holds itself.
check-shift-code = Code or text of the statement
check-shift-button = Check
check-shift-holds = The statement is genuine, and the centre has all that it speaks of.
check-shift-not = The suitcase signed the statement, but the centre does not hold what it says:
check-shift-later = { $n ->
    [one] After it the suitcase wrote { $n } entry more.
   *[other] After it the suitcase wrote { $n } entries more.
}
check-shift-remarks = { $n ->
    [one] { $n } entry was taken with remarks, { $still } still set aside.
   *[other] { $n } entries were taken with remarks, { $still } still set aside.
}
check-shift-facts = What the statement says
check-shift-officer = Officer
check-shift-at = Time by the suitcase’s clock
check-shift-today = Requests of that day
check-shift-all = Requests in all
check-shift-last = Last entry
check-shift-anchored = Taken by the hub
check-shift-draft = A draft that stayed

# Evidence file
evidence-link = Evidence file
evidence-title = Evidence of case { $number }
evidence-confidential = The file is as confidential as the case: whoever has it reads the case. Give it only to somebody who may see the case.
evidence-words = The file has every entry about the case: who made it and when, not before and not after which time, in which order, with signatures up to the community’s root. It holds the key of this case alone.
evidence-root = The root’s fingerprint: { $root }
evidence-check = The separate program check-evidence checks it without a network or a database. Whoever checks must learn the root’s fingerprint from elsewhere than the file.
evidence-take = Save the evidence file
evidence-back = To the request
trace-took-evidence = evidence file taken
