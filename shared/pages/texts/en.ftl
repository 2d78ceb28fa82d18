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

# Papers
paper-application = Application
paper-consent = Consent
paper-opys = List of papers
paper-routing = Routing sheet
paper-foot = { $paper } No { $number }
paper-all = All together
paper-print = Print
paper-pdf = Save as PDF/A
paper-chosen = chosen
paper-page-of-all = set, page
papers-of = Papers of request No { $number }
paper-copy-applicant = The applicant’s copy
paper-copy-case = The case’s copy
paper-code-by-suitcase = signed by the suitcase
paper-code-by-centre = signed by the centre
paper-free = free of charge
paper-to-be-confirmed = to be confirmed
paper-until = by { $date }
paper-term = by { $date } ({ $basis })
paper-term-planned = by { $date } ({ $basis }, planned)
paper-fee-check = { $fee } (to be checked before payment)
paper-fee-paid = { $fee }, receipt No { $receipt }
paper-fee-paid-on = { $fee }, receipt No { $receipt } of { $date }
paper-yes = yes
paper-no = no
paper-original = original
paper-original-seen = original seen
paper-a-copy = copy
paper-scan = scan
paper-delivery-person = in person at the centre
paper-delivery-home = at home
paper-delivery-post = by post
paper-delivery-phone = by telephone
paper-tax-number-refused = taxpayer number refused
paper-organisation-code = EDRPOU { $code }
paper-power = { $name }, { $power }
paper-cadastral = cadastral number { $number }
paper-people-known = Date of birth, taxpayer number
paper-people-relation = Relation
paper-files = { $n ->
    [one] { $n } file
   *[other] { $n } files
}

# Application
application-title = Application No { $number }
application-of = of { $date }
application-subtitle = for an administrative service
application-to = To
application-provider = Provider
application-who = Applicant
application-representative = Applicant’s representative
application-name = Surname, given name, patronymic
application-organisation = Organisation
application-power = By right of
application-born = Date of birth
application-document = Document
application-address = Place of residence (stay)
application-contacts = Other contacts
application-asks = What is asked for
application-please = I ask for the administrative service: { $service }.
application-papers = I enclose these papers
application-permission = Permission to process personal data
application-permitted = Permission given by { $by } on { $date }: { $parts }. The text of the consent, version { $version }, is enclosed.
application-signs = Applicant
application-signs-representative = Applicant’s representative
application-taken = Taken by the administrator
application-registered = Registration: date, number, stamp

# Consent
consent-title = Consent to the processing of personal data
consent-subtitle = for request No { $number }
consent-person = Whose data
consent-identity = Date of birth, document
consent-given-by = Given by
consent-version = Text of the consent
consent-version-is = version { $version } of { $date }
consent-version-hash = version { $version }, checksum { $hash }
consent-version-both = version { $version } of { $date }, checksum { $hash }
consent-agreed = I agree
consent-refused = I do not agree
consent-missing = The text of this version is kept in the catalogue under which the request was taken; this copy of the program does not have it. Consent was given to the parts: { $parts }.
consent-details-elsewhere = The details of the owner of the data stand on the copy that the suitcase printed; the checksum vouches for the text.
consent-changed = The details of the owner of the data were changed after the consent was given: the text’s checksum is another.
consent-signs = Signature of the person who consents
consent-witness = Witness { $n }
consent-in-presence = Given in the presence of the administrator
consent-at = { $date }, { $time }
consent-by-applicant = the applicant
consent-by-representative = the representative
consent-by-witnesses = the applicant before witnesses
consent-sentence = Consent to the processing of personal data was given by { $by } on { $date }: { $parts }.
consent-owner = Owner of the data: { $owner }.

# Routing sheet
routing-title = Routing sheet of an administrative service
routing-of = Case No { $number }
routing-official = Journal number
routing-due = Control date
routing-provider = the provider
routing-stage-1 = 1. Registered by the administrator
routing-stage-2 = 2. Handed over to { $provider }
routing-stage-3 = 3. Considered
routing-stage-4 = 4. The outgoing package came to the centre
routing-stage-5 = 5. The result was received
routing-date = Date
routing-number = Registration No
routing-administrator = Administrator
routing-signature = Signature
routing-term = Term
routing-responsible = Person responsible
routing-received = Case received
routing-executor = Executor, signature
routing-decided = Date and No of the result
routing-result = Result
routing-recipient = Who received it
routing-seal = L. S.
routing-part-of-case = This sheet is an inseparable part of the case.

# End of shift
paper-shift = End-of-shift statement
shift-title = End-of-shift statement
shift-nothing-left = Nothing is left on the suitcase. All that was recorded on it was taken by the hub and opened by the centre.
shift-with-remarks = { $n ->
    [one] Taken with remarks: { $n } entry
   *[other] Taken with remarks: { $n } entries
}
shift-remarks-words = These entries are at the centre, too, but not among its records: a person decides, or an upgrade of the centre’s program.
shift-with-drafts = { $n ->
    [one] { $n } draft stays on the suitcase by the officer’s word
   *[other] { $n } drafts stay on the suitcase by the officer’s word
}
shift-drafts-words = A draft is on this laptop only: neither at the centre nor in any backup.
shift-suitcase = Suitcase
shift-officer = Officer
shift-at = Time by the suitcase’s clock
shift-requests = Requests of this day
shift-requests-all = Requests in all
shift-back = To the end of the shift
shift-last = Last entry
shift-anchored = Taken by the hub
shift-verdict = Opened by the centre: entry of its chain
shift-register = The centre’s news up to entry
shift-entry = Entry
shift-request = Request
shift-why = What is with it
shift-service = Service
shift-changed = Last change
shift-no-service = no service chosen yet
shift-signs = Handed in by the officer
shift-takes = Taken by the clerk
shift-signed-by = signed by the suitcase
shift-check = To check: at the centre, page “Check a statement”, or sync-server check-statement.
shift-why-word = { $code ->
    [1] not opened yet: a key or earlier changes are missing
    [2] not of the form that Valiza writes
    [3] later than the centre’s program: waits for an upgrade
    [4] quarantine: written after the suitcase was revoked
    [5] proposal: the centre had decided before, or the record was not granted
    [6] the entry’s signature differs
    [7] fork: the centre knows another entry with this number
    [8] set aside
    [9] erased by order of the centre
   *[other] set aside for a reason newer than this program: update it
}
