# The page's frame
brand = Valiza
title-error = Error: { $title }
skip = Skip to the content
sections = Sections
lock = Lock
here = Here
on-the-way = On the way
at-the-centre = At the centre
close = Close
keys-title = Keys
keys-letters = Single-letter keys are on

# Fields
optional = (optional)
error-prefix = Error:
warning-prefix = Warning:
warning-fix = Change it to “{ $value }”
warning-reason = Or leave it as it is. Reason:
date-form = DD.MM.YYYY
choose = — choose —
suggest-none = Nothing found. What you typed may stay.
errors-plain = That did not work
errors-title = { $n ->
    [one] Mend { $n } error
   *[other] Mend { $n } errors
}

# Actions
save = Save
change = Change
next = Next
previous = Back
print = Print
undo = Undo
cancel = Cancel

# Sections of a form
section-not-started = not started
section-started = in progress
section-done = done
section-wrong = error

# Where things stand
state-waiting = waiting
state-on-the-way = on the way
state-at-the-centre = at the centre
state-overdue = overdue

# Numbers
requests = { $n ->
    [one] { $n } request
   *[other] { $n } requests
}
pages = Pages of the list
page-n = Page { $n }
rows-total = { $n ->
    [one] { $n } row in all
   *[other] { $n } rows in all
}

# The header's sentence
status-all-at-centre = Everything is at the centre.
status-waiting = { $n ->
    [one] { $n } request waits for a connection ({ $size }).
   *[other] { $n } requests wait for a connection ({ $size }).
}
status-sending = Sending { $n } of { $of }, { $seconds } s left.
status-no-link = No connection since { $time }. You can work on.
status-conflicts = { $n ->
    [one] Your attention is needed: { $n } difference.
   *[other] Your attention is needed: { $n } differences.
}
saved-at = Saved { $time }
save-failed = Not saved. Check that the program is running; what you typed stays on the screen.

# Two values
who = Who
when = When
where = Where
take-this = Take this
take-other = Another value
conflict-reason = Why this one
conflict-save = Save the decision

# Opys
opys-title = List No { $number }
opys-from = of { $date }, { $time }
opys-subtitle = of papers handed in for an administrative service
opys-applicant = Applicant
opys-organisation = Organisation
opys-tax-number = Taxpayer number
opys-address = Address
opys-phones = Telephones
opys-representative = Representative
opys-provider = Provider
opys-service = Administrative service
opys-card = Information card
opys-object = Address of the object
opys-taken-at = Taken on a visit at
opys-term = Term of the answer
opys-fee = Administrative fee
opys-papers = Papers
opys-paper-number = No
opys-paper-name = Name
opys-paper-details = Number and date
opys-paper-form = Original or copy
opys-paper-sheets = Sheets
opys-paper-returned = Returned
opys-no-papers = No papers were handed in.
opys-sheets-total = { $n ->
    [one] { $n } sheet in all.
   *[other] { $n } sheets in all.
}
opys-offline = Recorded without access to the state registers.
opys-consent = Consent to the processing of personal data
opys-delivery = How the result is received
opys-administrator = Administrator
opys-signature = signature
opys-date = date
opys-initials = given name, surname
opys-stamp = Place for the administrator’s stamp
opys-qr = QR code: checks the number without a network
opys-spoken = Number for the telephone
opys-contact = Enquiries
opys-print = Print the list
opys-large = In large print
opys-normal = In normal print
opys-back = To the request
opys-page = page
opys-page-of = of
