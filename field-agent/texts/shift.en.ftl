# End of shift
endshift = End of shift
endshift-link = End the shift
endshift-over = Nothing is left on the suitcase. Print the statement or save it as a file, and hand it in with the suitcase.
endshift-remarks = { $n ->
    [one] The centre took { $n } entry with remarks. It is at the centre; a clerk decides.
   *[other] The centre took { $n } entries with remarks. They are at the centre; a clerk decides.
}
endshift-paper = Print the statement
endshift-file = Save as a file
endshift-not-yet = The shift is not over yet
endshift-todo = What to do
endshift-items = What the centre has not opened
endshift-exchange = Exchange now
endshift-again = Check again
endshift-drafts = Drafts
endshift-drafts-why = A draft is on this laptop only: neither at the centre nor in any backup. So the statement names it.
endshift-drafts-stay = The drafts stay on the suitcase
endshift-facts = What the statement says
endshift-today = Requests of the day
endshift-all = Requests in all
endshift-last = Last entry
endshift-anchored = Taken by the hub
endshift-code = The statement as text
endshift-code-hint = The same statement as a line: it can be sent to the centre and checked without paper.
help-of-shift = Here the suitcase states that nothing is left on it: every entry was taken by the hub and opened by the centre. While anything waits there is no statement, and the page names what waits. Making it writes nothing.

# Numbers
void-title = Numbers that were not used
void-link = Declare a number void
void-words = The number stands on paper and there is no request under it: a spoilt form, a laptop restored from a copy. Name it, so that nobody at the centre looks for a lost request. A request made by mistake is withdrawn, not declared void.
void-number = Number on the paper
void-reason = Why it was not used
void-hint = For example: the printer crumpled the form
void-button = Declare void
void-done = The number is void. The centre learns of it with the next exchange.
void-list = Void numbers of this suitcase
void-none = No number was declared void.
void-column-reason = Reason
void-column-when = When
help-of-void = A void number is not given out any more. In the centre’s register of numbers it stands with your reason; a gap without one stands there as doubtful.

# Evidence file
evidence-link = Evidence file
evidence-title = Evidence of case { $number }
evidence-confidential = The file is as confidential as the case: whoever has it reads the case. Give it only to somebody who may see the case.
evidence-words = The file has every entry about the case: who made it and when, not before and not after which time, in which order, with signatures up to the community’s root. It holds the key of this case alone.
evidence-root = The root’s fingerprint: { $root }
evidence-check = The separate program check-evidence checks it without a network or a database. Whoever checks must learn the root’s fingerprint from elsewhere than the file.
evidence-take = Save the evidence file
evidence-back = To the request
help-of-evidence = Evidence for a court, an inspection or a complaint. Make sure that whoever gets it may see the case.
