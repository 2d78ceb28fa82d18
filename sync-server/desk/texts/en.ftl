# Frame
lock = Sign out
change = Choose the value
queues = Queues
set-aside = Quarantine
suitcases = Suitcases
accounts = Accounts
own-passphrase = My passphrase
hub-there = The hub answers.
hub-lost = No connection to the hub since { $time }. You can go on working. { $n ->
    [0] Nothing waits.
    [one] { $n } entry waits.
   *[other] { $n } entries wait.
 }
hub-unreached = The hub does not answer. You can go on working. { $n ->
    [0] Nothing waits.
    [one] { $n } entry waits.
   *[other] { $n } entries wait.
 }
hub-damaged = The hub found damage in what it keeps, in { $n ->
    [one] { $n } place.
   *[other] { $n } places.
 } Tell the administrator: stop the hub and run hub-repair.
desk-damaged = What the centre keeps on its disk is damaged.
desk-damaged-words = Damage was found in { $n ->
    [one] { $n } place.
   *[other] { $n } places.
 } Tell the administrator: stop the desk and run “sync-server repair”. It keeps what is whole and names what is lost, and what the hub has comes back. What is damaged, “sync-server status” says. You can go on working.
hub-healing = The hub lost its data: the centre is giving them back.
hub-not-yet = The hub has not been reached yet.
hub-catching-up = Restored from a backup: waiting until the hub gives back what was written after it. Nothing new is written.
hub-cannot-prove = Restored from a backup, and the hub has begun anew: nothing new is written. Restore the desk from the kit’s words.
yes = yes
no = no
the-centre = centre
suitcase-n = suitcase { $number }
impossible-time = { $time } (the clock was wrong)
to-queue = To the queue
to-suitcases = To the list of suitcases
to-accounts = To the list of accounts
back-to-request = To the request

# Entering
sign-in-title = Sign in to the centre
sign-in-words = Enter your login and passphrase.
sign-in-button = Sign in
sign-in-help = Forgot the passphrase? An administrator of the system will set a new one.
unseal-title = The centre is sealed
unseal-words = After its start the centre has no keys. An administrator of the system enters the passphrase, and the centre opens. Meanwhile the hub takes in the suitcases’ work.
unseal-button = Unseal
unseal-help = Have all administrators forgotten theirs? The centre is restored from the kit on paper (24 words).
login = Login
login-hint = Latin letters, digits, full stop, hyphen
passphrase = Passphrase
new-passphrase = New passphrase
new-passphrase-hint = five words or more, or at least 15 characters
passphrase-now = Present passphrase
passphrase-again = New passphrase once more
passphrase-set = Change the passphrase
own-passphrase-set = The passphrase is changed. You are signed out on other devices.

# Messages
title-not-found = Not found
title-not-allowed = Not allowed
title-refused = It did not work
title-busy = It did not work just now
title-broken = Something went wrong
no-such-page = There is no such page. Check the address or go back to the queue.
wrong-method = This address is not opened like that. Go back to the queue and use the buttons.
only-administrator = This page is for administrators of the system only. If you need it, ask an administrator.
foreign-form = The request came from another site and was not carried out. Open the centre’s page and try again.
too-large = Too much was sent. Make the text shorter and try again.
too-slow = The centre could not answer in time. Try again.
bad-form = The request could not be read. Go back and fill in the page again.
broken-off = The program broke off its work on this page. Try again; if it happens again, keep the program’s log.

# Queue
filters = Which requests
search = Search
all-suitcases = all
all-services = all
from-day = Submitted from
to-day = until
filter = Show
filter-clear = Clear
col-number = Request No
col-official = Journal No
col-taken = Taken in
col-applicant = Applicant
col-service = Service
col-state = State
col-due = Hand over by
col-news = Suitcase · news
col-suitcase = Suitcase
col-taken-by = Taken by
col-action = Action
take = Take
queue-empty = Nothing here: all is done. New requests will appear by themselves.
queue-nothing-found = Nothing matches. Clear the filters or change the words.
sorted-due = By term of handing over: the nearest first
sorted-newest = By time of taking in: the newest first
sorted-applicant = By the applicant’s surname
sorted-number = By the request’s number
sorted-service = By service
sorted-state = By state
sorted-changed = By time of change: the last first
clock-wrong = wrong clock
has-proposals = has proposals
has-contest = decisions differ
differences-n = { $n ->
    [one] { $n } difference
   *[other] { $n } differences
}
overdue-by = { $n ->
    [one] { $day }, { $n } working day overdue
   *[other] { $day }, { $n } working days overdue
}
due-today = { $day }, today
due-in = { $n ->
    [one] { $day } ({ $n } working day)
   *[other] { $day } ({ $n } working days)
}
just-now = just now
minutes-ago = { $n } min ago
hours-ago = { $n } h ago
days-ago = { $n ->
    [one] { $n } day ago
   *[other] { $n } days ago
}
news-more = { $n ->
    [one] +{ $n } new, show
   *[other] +{ $n } new, show
}
news-fewer = The list has changed, show

# Request
official-is = journal No { $number }
papers = Papers
no-papers = No papers were handed in.
paper-name = Name
paper-details = Number and date
paper-form = Form
paper-sheets = Sheets
paper-seen = Original seen
paper-returned = Returned
what-to-do = What to do
what-happened = What happened
not-possible-now = Why there are no other actions now
nobody-to-grant = all working suitcases have this request already
print-opys = Print the list of papers
print-card = Print the card
shared-with = Read and written by suitcases: { $numbers }.
differs = people wrote different things
is-proposal = a later entry waits for a decision
difference-in = Difference: { $field }.
proposal-in = Proposal after the decision: { $field }.
choose-value = Choose the value
decisions-differ = Decisions were taken independently of each other, and they differ.
choose-decision = Choose the decision
decision = Decision
difference-intro = People wrote different things without seeing each other’s. Choose what stands; the rest stays in the history.
proposal-intro = The first value is in force. The others were written on a visit after the centre’s decision: choose whether to take them.
decision-intro = Both decisions are recorded. Choose the one in force; the other stays in the history.
hand-over-in = { $n ->
    [one] hand over by { $day } ({ $n } working day)
   *[other] hand over by { $day } ({ $n } working days)
}
hand-over-today = hand over today, { $day }
hand-over-overdue = { $n ->
    [one] hand over by { $day }, { $n } working day overdue
   *[other] hand over by { $day }, { $n } working days overdue
}
do-accept = Take into work
do-number = Give a journal number
do-hand-over = Hand over to the provider
do-ask = Ask for supplements
do-supplement = The supplement has come
do-ready = The result is ready
do-handed-over = Delivered
do-refuse = Refuse
do-note = Add a note
do-grant = Entrust to a suitcase
do-take-back = Take back from a suitcase
do-withdraw = The applicant withdraws
do-duplicate = Repeats another request
do-reopen = Take up again
label-number = Journal number
hint-number = empty takes the next free one of this year
label-hand-over = To whom
label-ask = What is needed
label-supplement = What has come
label-ready = What the result is and where it lies
label-handed-over = To whom and how
label-refuse-known = Ground by the information card
label-refuse = Ground and explanation
label-note = Note
label-grant = Suitcase
label-take-back = Reason
label-take-back-suitcase = From which suitcase
hint-take-back = what is on the suitcase it may have kept; from here on everything is written under new keys that it does not have
hint-grant = the suitcase gets the request with its resident and visit at its next contact
label-withdraw = Reason
label-duplicate = Number of the other request
label-reopen = Why it is taken up again
done-accept = Taken into work.
done-number = The journal number is given.
done-hand-over = Handed over to the provider.
done-ask = Asked for supplements: the suitcase will be told.
done-supplement = The supplement is recorded.
done-ready = Recorded: the result is ready.
done-handed-over = The delivery is recorded.
done-refuse = The refusal is recorded.
done-note = The note is added.
done-grant = The request is entrusted to the suitcase.
done-take-back = The request is taken back: the suitcase reads nothing new of it.
done-withdraw = The withdrawal is recorded.
done-duplicate = Marked as a repeat.
done-reopen = The request is taken up again.
done-resolve = The choice is recorded: the difference is gone.
event-accepted = Accepted
event-registered = Registered in the journal
event-in-work = Taken into work
event-handed-over = Handed over to the provider
event-asked = Supplements asked for
event-supplemented = Supplemented
event-ready = The result is ready
event-refused = Refused
event-delivered = Delivered
event-withdrawn = Withdrawn
event-duplicate = Marked as a repeat
event-reopened = Taken up again
event-resolved = A difference was resolved
event-settled = One of the decisions was chosen
event-corrected = Corrected
event-note = Note
event-printed = The list of papers was printed
event-ignored = has no effect
note-withdrawn = struck out
not-after = not after { $time }

# On paper
card-title = Card of request No { $number }
card-when = When
card-what = What
card-who = Who
card-signed = For the centre
card-printed = Printed { $time }
delivery-person = in person at the centre
delivery-home = at home, on a visit
delivery-post = by post
delivery-phone = by telephone
fee-free = free of charge
fee-paid = { $fee }, receipt { $receipt }
term-until = by { $day }
consent-given = Consent to the processing of personal data was given { $time }.

# Quarantine
set-aside-words = These entries are kept and not in the requests: a revoked suitcase sent them, or one without access, or they could not be opened. A person decides.
set-aside-empty = The quarantine is empty.
set-aside-accept = The entry was let in.
set-aside-decline = The entry stays in quarantine for good; the reason is kept.
entry-n = entry { $n }
aside-about = Request { $number }
aside-let-in = Let in
aside-leave = Decline
aside-all = { $place } · all entries
aside-all-words = { $n ->
    [one] There is { $n } entry of this suitcase.
   *[other] There are { $n } entries of this suitcase. If one thing is to be said of all, write the reason once. What comes later waits for a decision of its own.
 }
aside-all-in-reason = Why all are let in
aside-all-reason = Why all are declined
aside-all-in = Let all in: { $n }
aside-all-leave = Decline all: { $n }
set-aside-accept-all = The entries were let in.
set-aside-decline-all = The entries stay in quarantine for good; the reason is kept.
aside-reason = Why it is declined
aside-unopened = The entry could not be opened.
aside-gate = The entry has a structure that is not allowed.
aside-other = For a reason newer than this program: update it.
aside-later-version = A later version of the program wrote the entry: update the centre.
aside-continued = The suitcase’s number went over to another laptop, and this entry appeared under the old name after that.
aside-quarantined = The entry came from a revoked suitcase.
aside-proposal = A suitcase changed a request that it had no access to.
aside-signature = The entry’s signature does not hold.
aside-fork = The suitcase’s chain has forked: the laptop may have been cloned or restored from a copy.

# Suitcases
no-suitcases = No suitcases yet. Invite the first laptop.
col-laptop = Laptop
col-heard = News
col-entries = Entries
col-aside = Quarantined
col-certificate = Certificate
never-heard = not heard of yet
suitcase-live = works
suitcase-expired = the certificate has run out, renewed at the next contact
suitcase-revoked = revoked { $day }
certificate-until = { $n ->
    [one] until { $day } ({ $n } day)
   *[other] until { $day } ({ $n } days)
}
suitcase-title = Suitcase { $number }
suitcase-about = About the suitcase
invite-title = Invite a laptop
invite-words = An invitation is good for one laptop. The suitcase’s number is printed on its papers.
suitcase-number = Suitcase number
invitation-hours = Good for how many hours
invitation-hours-hint = 1 to 336
invite = Invite
invitations = Invitations
invitation-open = waits for its laptop
invitation-used = used
invitation-expired = ran out
invitation-replaced = replaced by a newer one
invited-by = Invited by
invited-at = When
invited-until = Good until
invitation-for = Invitation for suitcase { $number }
invitation-once = The invitation is shown only now. Whoever has it can enrol a laptop: do not send it in the open.
invitation-words = On the laptop open the suitcase’s program and enter this line, or point the camera at the code.
invitation-line = The line of the invitation
invitation-until = Good until { $time }.
revoke-title = Revoke the suitcase
revoke-words = A revoked suitcase gets nothing, and whatever it sends waits in quarantine for a person’s decision. Revoking cannot be undone: the laptop is invited anew.
revoke-reason = Reason: stolen, written off, replaced
revoke = Revoke
revoked-why = Why it was revoked
keys-renewed = Keys of the records it could read
keys-renewed-all = replaced for { $n } records, the last on { $time }: it reads nothing new of them
keys-renewed-some = replaced for { $n } records, { $left } more are being replaced by themselves
keys-renewed-none = nothing to replace: there is no record that it could read on
suitcase-revoked-now = The suitcase is revoked.

# Accounts
account-name = Surname and given name
account-rank = May do
rank-clerk = clerk: requests
rank-administrator = administrator: requests, suitcases, accounts
account-active = active
account-off = disabled
account-unseals = Unseals the centre
account-add-title = Add a person
account-add-button = Add
account-add = The account is added.
account-disable = The account is disabled.
account-passphrase = The passphrase is changed, open sessions have ended.
account-title = Account { $login }
account-about = About the person
account-passphrase-title = New passphrase
account-disable-title = Disable
account-disable-words = The person will not sign in any more, and all sessions end now. What the person recorded stays.
account-disable-button = Disable the account
