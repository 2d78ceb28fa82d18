# Frame
suitcase = Suitcase { $n }
nav-day = Day
nav-requests = Requests
nav-residents = Residents
nav-exchange = Exchange
nav-help = Help
to-the-start = To the start
yes = yes
no = no
open = Open
show = Show
show-all = Show all
show-them = Show them

# State
sending-now = Sending…
small-things-wait = Small entries wait for a connection ({ $size }).
never-linked = The centre has not been reached yet. You can work.
standing-revoked = The centre revoked this suitcase on { $date }: { $reason }. Call the centre.
standing-expired = { $n ->
    [one] The suitcase's certificate expired { $n } day ago. Go on working and call the centre.
   *[other] The suitcase's certificate expired { $n } days ago. Go on working and call the centre.
}
standing-unconfirmed = Since { $date } this suitcase writes under a new name: the laptop’s disk was put back from a copy, or there are two. Nothing is lost, go on working. Call the centre to have it confirmed.
standing-continued = This suitcase’s number went on with another laptop. What it sends is set aside at the centre. Call the centre.
standing-waiting = The centre has not confirmed this suitcase yet.
clock-wrong = The laptop's clock says { $shown }: set date and time. Records will be marked.

# Way in
unlock-title = Unlock the suitcase
unlock = Unlock
unlock-help = Forgotten the passphrase? Call the centre: the recovery words will be read out to you.
field-officer = Who works
field-passphrase = Passphrase
stranger-title = The program does not know this browser
stranger = Open the address that the program showed when it started. It works once; if it was used already, start the program again.
foreign-host-title = Wrong address
foreign-host = The suitcase's pages open only at the address 127.0.0.1 that the program showed.

# Errors
not-found-title = Not found
no-such-page = There is no such page. The address may be mistyped.
refused-title = Not done
busy-title = In use
locked-title = Locked
no-link-title = No connection
damaged-title = Damaged data
broken-title = The program failed
broken = The program could not make this page. What you wrote is kept in the draft. Try again; if it does not help, start the program again.
draft-gone-title = The draft is gone
draft-gone = The request of this draft has been saved, or the draft was thrown away. Look for it in the list of requests.
error-perhaps = { $words } Perhaps: “{ $meant }”.
kept-with-reason = kept with a reason.
kept-because = kept with a reason: { $reason }

# Day
day-title = Day { $date }
bytes-wait = Waiting for a connection: { $size }.
nothing-waits = Nothing waits: everything has been sent.
new-request = New request
find-request = Find a request
drafts = Drafts
draft-unnamed = Unnamed
newest = Newest requests
newest-caption = Newest requests, the newest first
no-requests-yet = No requests yet. Press “New request”.

# Requests
search-words = Words, number, taxpayer number
search-residents = Surname, taxpayer number, village
field-state = State
everywhere = everywhere
only-differing = only with differences
requests-caption = Requests
no-such-requests = No such requests. Change the words or press “Show all”.
column-number = No.
column-applicant = Applicant
column-service = Service
column-time = Recorded
column-state = State
column-place = Where
column-what = What
column-since = Since
column-resident = Resident
column-action = Action
differences-n = { $n ->
    [one] { $n } difference
   *[other] { $n } differences
}
clock-was-wrong = the clock was wrong
clock-was-wrong-here = The laptop's clock was wrong when this request was recorded. The centre's mark proves the time.
residents-caption = Residents by surname
no-residents = No such residents on this suitcase.

# Form
sections-of-form = Parts of the request
section-applicant = Applicant
section-ground = Ground of the visit
section-address = Address and contacts
section-service = Service
section-answers = Answers
section-papers = Papers
section-consent = Consent
section-review = Review
section-case = Proceedings
group-document = Identity document
group-representative = Representative
group-organisation = The applicant is an organisation
group-pr = Registered address
group-pa = Lives at another address
group-contact = How to reach them
group-paid = Paid
full-name = Surname, given name, patronymic
field-last = Surname
field-first = Given name
field-patr = Patronymic
field-dob = Date of birth
field-sex = Sex
sex-f = female
sex-m = male
field-rnokpp = Taxpayer number
field-norn = Refused a taxpayer number for religious reasons
field-unzr = UNZR
field-doc = Kind of document
field-ser = Series
field-num = Number
field-issued = Issued on
field-until = Valid until
field-org = Issued by
field-seen = How identified
seen-original = saw the original
seen-chip = read the chip
seen-diia = in Diia
seen-none = no document
field-orgname = Name of the organisation
field-edrpou = EDRPOU
field-power = By what right they act
field-power_no = Power of attorney no.
field-power_date = Date of the power of attorney
field-cat = Why on a visit
field-kat = Settlement
hint-settlement = Begin to type; suggestions from the codifier, by arrows
perhaps-place = Perhaps this one
field-stype = Kind (street, lane)
field-street = Street
field-house = House
field-part = Building
field-flat = Flat
field-index = Post code
field-phone = Telephone
field-phone2 = Second telephone
field-email = E-mail
field-delivery = How to receive the result
delivery-person = in person at the centre
delivery-post = by post
delivery-phone = by telephone
delivery-home = at home, on a visit
field-service-words = Find a service
hint-service = Any word of its name, group or life situation
found-services = Found
choose-service = Choose
change-service = Choose another
card-allowed = Possible here
card-due = Term
card-handover = Hand over by
card-fee = Fee
card-exempt = Exempt
card-provider = Provided by
estimated = estimated, { $basis }
field-fee = Fee
field-fee_receipt = Receipt no.
field-fee_date = Date of payment
field-summary = Content of the request
answers-need-service = Choose a service first.
answers-none = This service asks no questions.
papers-need-service = Choose a service first.
papers-none = No papers are needed.
row-n = Row { $n }
add-row = Add a row
one-is-enough = one is enough: { $papers }
paper-needed = needed
paper-ask = if needed
paper-original = original
paper-copy = copy
paper-scan = scan
field-paper-seen = Saw the original
field-paper-form = What stays
field-paper-sheets = Sheets
field-paper-details = Series, number, date
field-paper-returned = Given back at once
sheets-n = { $n ->
    [one] { $n } sheet
   *[other] { $n } sheets
}
consent-given-required = Read out, consent given
consent-given = Consent given
field-consent-by = Who consented
consent-by-applicant = the applicant
consent-by-representative = the representative
consent-by-witnesses = the applicant before two witnesses
known-here = Known on this suitcase: { $who }.
this-person = This is the one
not-this-person = Another person
resident-chosen = The applicant is known: { $who }.
find-known = Look among the known
to-review = To the review
keep-draft = Keep the draft
discard-draft = Throw the draft away
draft-kept = The draft is kept
save-and-print = Save and print
back-to-form = Go back and change

# Saved
saved-title = Saved
saved-words = The request will be sent by itself as soon as there is a connection.
what-next = What is next
next-print = Print the receipt, { $name } signs one copy.
next-handover = The papers are to be handed over by { $date }.
next-due = The result is planned by { $date }.
another-service = Another service for this person
open-request = To the request

# Request
request-title = Request no. { $number }
correct-title = Correction of request no. { $number }
conflicts-title = Difference in request no. { $number }
submitted = Recorded
officer = Recorded by
official = Number in the centre's journal
correct = Correct
to-the-list = To the list
history = History
not-before = proved: not before { $time }
not-after = proved: not after { $time }
by-centre = the centre
by-suitcase = suitcase
event-ignored = changes nothing: another decision stands
never-printed = the receipt was not printed yet
printed-n = { $n ->
    [one] the receipt was printed once
   *[other] the receipt was printed { $n } times
}
centre-says = The centre: { $what }.
set-aside = The centre set aside:
set-aside-of = The centre set an entry about { $number } aside:
differences-here = { $n ->
    [one] There is { $n } difference here: people wrote different things.
   *[other] There are { $n } differences here: people wrote different things.
}
choose-value = Choose the right one
no-differences = There are no differences.
choose-first = Choose one of the values or write another.
reason-first = Write why this one.
supplement = What was missing has come
what-was-brought = What was brought
supplement-send = Record
deliver = Handing over the result
how-delivered = To whom and how
deliver-send = The result was handed over
notes = Notes
no-notes = No notes.
note-words = New note
add-note = Add a note
withdraw-note = Withdraw
note-withdrawn = (withdrawn)
withdraw = The applicant withdraws the request
why-withdrawn = Why it is withdrawn
withdraw-send = Withdraw the request
why-corrected = Why you correct it
hint-why-corrected = Required once the receipt is printed
save-correction = Save the correction

# Exchange
contact = Connection
waits = Waiting
entries-wait = { $n ->
    [one] { $n } entry, { $size }
   *[other] { $n } entries, { $size }
}
last-success = Last successful exchange
centre-news = News of the centre
news-held-back = The centre has said more than came here: somebody on the way keeps it back. Try another connection or a stick, or call the centre.
news-aged = { $n ->
    [one] { $time }, { $n } day ago
   *[other] { $time }, { $n } days ago
}
never = not yet
last-attempt = Last attempt
last-attempt-good = good: { $sent } sent, { $received } received
next-attempt-label = Next attempt
next-attempt = { $n ->
    [one] in { $n } second, or as soon as you record something
   *[other] in { $n } seconds, or as soon as you record something
}
hub-address = Address of the centre
hub-refused = The centre did not take:
try-now = Try now
not-at-centre = Not at the centre yet
exchange-caption = Requests that the centre has not opened yet
status-all-sent = All sent; the centre is still reading.
all-at-centre = All requests are at the centre.

# Help
key-new = New request
key-search = Search
key-sections = Sections
key-rows = Rows of a list
key-open = Open a row
key-on = On
key-back = Back
key-print = Print the receipt
key-lock = Lock the suitcase
key-keys = Keys of this page
help-words = Words
help-here-word = Here
help-here = The request is on this laptop only. Do not switch it off for long until there is a connection.
help-on-the-way-word = On the way
help-on-the-way = The hub keeps the request, the centre has not opened it yet.
help-at-the-centre-word = At the centre
help-at-the-centre = The centre has opened the request and answers for it.
help-draft-word = Draft
help-draft = Everything typed is kept every second and survives switching off. The centre does not see drafts.
help-signature = The suitcase signs the records; who worked is shown by whose passphrase was open. This is no qualified electronic signature.
