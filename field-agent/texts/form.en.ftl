# The form of a request
hint-known = Begin to write a surname, taxpayer number or telephone: known residents are suggested
hint-account = Paste it as it is: spaces and hyphens are left out
hint-parcel = 5320610100:00:001:0023
hint-attachment = What it is and where it lies: name, number of sheets
power-attorney = power of attorney certified by a notary
power-parent = father or mother of the child
power-adopter = adopter
power-guardian = guardian
power-trustee = trustee
power-court = decision of a court
power-head = head or authorised person of the organisation
group-proof = What proves it
field-proof = Paper
field-proof_no = Number of the proof
field-proof_date = Date of the proof
field-proof_until = Proof valid until
card-payee = Fee is paid to
written-without = Written without needless spaces and hyphens. It was: “{ $typed }”.
from-before = From the earlier request of this visit. Check it.
fill-home = Fill in the address where the applicant lives
fill-applicant = Write the applicant
consent-changed = The text of the consent has changed since it was read out ({ $marked }). Read the new one and mark it again.
consent-version = Version of the consent's text
new-request-for = New request for this person
any-state = any

# A draft
draft-discarded = The draft was thrown away. It can be brought back until { $until }.
draft-discarded-of = The draft “{ $who }” was thrown away. It can be brought back until { $until }.
saved-beside = Not written into the draft: another tab has saved newer text. What is written here is kept beside it: reload the page and choose.
saved-already = This request was saved or thrown away in another tab. What is written here stays on the screen.
clash-title = Another tab sent something else at { $time }
clash-words = The draft has newer text. Choose what stays; the rest goes.
clash-here = in the draft
clash-there = from the other tab
clash-save = Keep what is chosen
release-changed = Release { $n } of the catalogue came into force since the draft was begun. For this service there changed:
release-seen = Understood, go on with the new release
answers-vanished = Answers that the new catalogue does not ask for (they are kept as a note):
turn-to-resident = Show to the resident
turn-back = Turn back

# Services
all-services = All services
services-by-group = By group
services-by-situation = By life situation
services-found = { $n ->
    [one] { $n } service:
   *[other] { $n } services:
}
no-services = There are no such services. Try another word or choose a group.
take-service = Choose this service
papers-needed = Needed: { $papers }
back = Back

# Residents
to-residents = To the residents
known-of-resident = What is known
no-requests-of = There are no requests of this person on this suitcase.
visits = Visits
no-visits = There were no visits.
duplicates = Perhaps the same person
duplicates-words = Compare the records and decide. Joined records are found as one person; the decision can be undone.
duplicates-more = The surest are shown; the rest will come when these are decided.
no-duplicates = There are no similar records.
likeness-number = The same taxpayer or register number
likeness-born = The same name and date of birth
likeness-similar = The same surname and given name
why-same = How this was established
why-not-same = Why these are two persons
one-person = This is one person
two-persons = These are two persons
joined-with = Joined with the records
joined-by = { $time }, { $who }: { $reason }
undo-joining = Undo the joining
not-one-person = These are two persons

# A visit
group-visit = Visit
visit-arrived = Begun
visit-outcome = Outcome of the visit
visit-done = done
visit-partly_done = partly done
visit-why = What was not done, and why
visit-end = End the visit
visit-ended = The visit has ended: { $outcome }.
why-same-record = Why this is the same record (change of name, correction)
review-changed = Since it was read out, the text, the catalogue or the day has changed. Read it again and save.
undo-joining-hint = This record leaves all records of this person; the others stay joined.
conflicts-of-resident = Difference: { $who }
choose-differences = People differ: choose
