# Locks
lock = Lock the screen
lock-vault = Lock the suitcase
lock-vault-short = Lock the suitcase
lock-vault-words = The keys leave the laptop’s memory. Do so when you close the lid, drive on, or hand the suitcase over.
screen-locked-title = The screen is locked
screen-locked-words = Drafts are kept, the exchange goes on. Give the passphrase to go on. Another officer has to lock the suitcase first.
recover-link = Open with words from the centre
key-lock-screen = Lock the screen
recover-title = Open the suitcase with words from the centre
recover-words = Call the centre. The administrator reads out twelve words; they work once. Then set a new passphrase.
field-recovery-words = Words from the centre
hint-recovery-words = Twelve words with spaces between; the first four letters of each are enough
field-new-passphrase = New passphrase
hint-new-passphrase = At least 15 characters or five words
field-new-again = New passphrase again
new-differs = The passphrases differ: type the same twice.
recover-send = Open and set the passphrase

# Exchange
status-fresh = No requests yet. You can work.
nothing-recorded = Nothing to send yet.
exchange-nothing-yet = Requests that the centre has not opened yet will stand here. Record the first one on the page “Day”.
column-size = Size
column-attempt = Last attempt
attempt-good = { $time }, good
sending-after = Sending… The attempt before: { $before }
attempt-failed = { $time }, failed. { $why }
item-sent = sent, not opened by the centre yet
item-failed = { $time }, failed
item-not-tried = not sent yet
item-resident = Resident’s card
item-visit = Visit
item-consultation = Consultation: { $what }
item-size = { $n ->
    [one] { $size }, { $n } entry
   *[other] { $size }, { $n } entries
}
resident-short = card
consultation-short = consultation
entry-number = entry no. { $seq }
state-set-aside = set aside
state-erased = erased
set-aside-erased = The centre decided so. There is nothing to do.
erased-here = Erased by order of the centre
erased-n =
    { $n ->
        [one] { $n } record: nothing of it is left here or at the centre
       *[other] { $n } records: nothing of them is left here or at the centre
    }
set-aside-next = Nothing is lost. A person at the centre decides; you may call.
releases-link = Releases of the catalogue
stick-link = Write onto a stick or read from it
carrier-link = Exchange through another suitcase
carrier-title = Through another suitcase
carrier-through-title = Hand over to a suitcase with a connection
carrier-through-words = Both suitcases have to be in one network, such as a telephone's hotspot. That suitcase cannot read what it is given: it brings it to the centre and gives the answer back.
carrier-address = That suitcase's address
carrier-address-hint = That suitcase shows it on this same page. For example: 192.168.1.7:7710
carrier-hand-over = Hand over and collect answers
carrier-done = Letters handed over: { $letters }, waiting there: { $kept }. Answers taken: { $answers }, entries received: { $received }.
carrier-full = That suitcase takes no more now. The rest stays here.
carrier-for-others-title = Carry for others
carrier-for-others-words = While this is on, other suitcases of the community hand their letters over through the local network. This suitcase cannot read them; they go to the centre with the next connection. Locking the vault turns it off, too.
carrier-state = Carrying
carrier-now = Now
carrier-off = off
carrier-on = takes letters at { $address }
carrier-waiting = Letters of others that wait
carrier-answered = Answers that wait for their owners
carrier-listen = Address to take letters at
carrier-listen-hint = 0.0.0.0 means all networks of this laptop
carrier-start = Take other suitcases' letters
carrier-stop = Take no more
stick-title = Stick
stick-words = No connection: send a stick. The suitcase writes everything onto it that the centre lacks, sealed to the centre; nobody can read it on the way. Writing deletes nothing and does not count as sent: only the centre's answer does. The answer comes back on the same stick.
stick-waits = What goes onto the stick
stick-plugged = Sticks that are in
stick-free = { $folder } — { $size } free
stick-folder = The stick's folder
stick-folder-hint = Fill this in if the stick is not in the list. For example: /media/olena/FLASH
stick-write = Write onto the stick
stick-read-now = Read from the stick
stick-read-whole = Read: the stick may be taken out
stick-take-out = Written, read back: the stick may be taken out
stick-written = Letters on the stick: { $letters }, entries in them: { $entries }. New files: { $files }, { $size }.
stick-read = Answers taken: { $answers }, known before: { $known }. Entries received: { $received }, taken: { $taken }.
stick-unanswered = Letters without an answer
stick-unanswered-since = { $n }, the oldest written { $time }

# History and differences
event-taken-back = taken back by who wrote it
event-merged = somebody else wrote at the same time; both were merged by themselves
bounds-none = time not proved yet: the centre’s next mark will prove it
bounds-from = proved: not before { $from }
bounds-until = proved: not after { $until }
bounds-both = proved: not before { $from }, not after { $until }
undo = Take it back
undo-words = Recorded: { $what }. A mistake? It can be taken back until { $time }, unless somebody goes on from it.
restore-note = Bring back
contest-title = Two decisions
contest-open = They were taken without knowing of each other. “{ $standing }” stands for now; there is also: { $others }. The centre chooses; call if you know which is right.
contest-settled = They were taken without knowing of each other. The centre chose “{ $standing }”; not in force: { $others }.
proposals-title = { $n ->
    [one] { $n } late correction waits for the centre
   *[other] { $n } late corrections wait for the centre
}
proposals-words = The centre had decided this request before it saw the correction. It is kept as a proposal: the earlier value stands, and the centre accepts or declines it.
conflict-why = Two people wrote different things without seeing each other’s. Nothing is lost: choose what shall stand, and write why.

# Consultations
new-consultation = Consultation
consultation-title = Consultation
consultations-title = Consultations
consultations-caption = Consultations, the newest first
consultation-save = Record the consultation
no-consultations-yet = No consultations yet. Press “Consultation” when you explained something and took no request: they are counted in the report.
no-such-consultations = No such consultations. Change the words or choose all.
no-consultations-of = There were no consultations.
search-consultations = Who, about what, phone
consulted-today = { $n ->
    [one] { $n } consultation today
   *[other] { $n } consultations today
}
consulted-month = { $n } in 30 days
consulted-all = { $n } in all
answers-owed = { $n ->
    [one] { $n } person was promised an answer
   *[other] { $n } people were promised an answer
}
field-about-service = About which service
hint-about-service = Begin to write its name; if there is no such service, describe it below
field-topic = What was asked
field-outcome = What came of it
field-answer = What was said
field-who = Who asked
hint-who = Nobody has to say their name
column-about = About what
column-who = Who asked
column-said = What was said
owed-title = Promised answers
owed-answer = What was said: { $who }
owed-given = The answer was given

# Checking a paper
verify-title = Check a paper
verify-link = Check a paper
verify-check = Check
field-code = Code on the paper, or its number
hint-code = Scan the QR code, or write the number as it is printed
paper-genuine = The code is genuine: a suitcase of our centre signed it.
paper-differs = The code is genuine, but the request on this suitcase says something else: it was corrected after it was printed, or the paper was altered.
paper-revoked-since = The centre revoked this suitcase on { $date }. The paper states an earlier time, but that is the suitcase’s own word: ask the centre by the number.
paper-expired = The code is genuine, but the suitcase’s certificate had run out by then. The request counts once the centre has taken it: call.
paper-revoked = The centre revoked this suitcase on { $date }, and the paper states a later time. Do not rely on it: call the centre.
paper-states = What the paper states
paper-papers = Papers
paper-printed-by = Printed by
paper-held = What is on this suitcase
number-says = What the number says
number-day = Day
number-held = A request of this number is on this suitcase.
number-elsewhere = The number is well formed; suitcase { $suitcase } gave it. The request is not on this suitcase; a number alone is not enough, scan the code.
number-unknown = Our centre does not know suitcase { $suitcase }. Perhaps it is a paper of another community: scan the code.

# Releases
releases-title = Releases of the catalogue
release-refused = A release was not taken
release-next = Release { $n } is in force from { $date }.
release-difference = What changes: release { $from } → release { $to }
release-same = Nothing that an officer would see.
release-number = Release { $n }
release-in-force = in force
release-planned = to come
release-trial = on trial
release-trial-here = on trial on this suitcase
release-past = past
release-first = the first
release-compare = difference to release { $n }
releases-caption = Releases of the catalogue, the newest first
column-release = Release
column-from = In force from
column-services = Services
column-difference = What changed

# Help
help-parts = Parts of the help
help-answers = What to do when…
help-pages = Pages
help-request-title = A request
help-conflicts-title = A difference
help-set-aside-word = Set aside
help-set-aside = The centre opened the entry and did not take it in. It is kept; a person at the centre decides.
help-of-day = The day begins and ends here: what has not been sent, unfinished drafts, the newest requests.
    New request: N. Consultation without a request: K. Search: F2.
help-of-requests = All requests that are on this suitcase. Search by surname, number, tax number.
    Arrows go through the rows, Enter opens.
help-of-form = One page for the whole request; its parts are on the left. What is typed is kept every second.
    A warning may stay with a reason, an error has to be mended. On to the check: Ctrl+Enter.
help-of-review = Turn the screen to the person and read it aloud. “Change” comes back here. After saving, the receipt is printed.
help-of-saved = The request is on the disk. Print the receipt: one copy stays with the person.
help-of-request = Everything about one request: what is recorded, what happened and when that is proved.
    What you have just done can be taken back for ten minutes.
help-of-correct = Correct only what is wrong. If the receipt is printed, write why and print it again.
help-of-conflicts = Two people wrote different things without seeing each other’s. Choose what is right and write why. Both values stay in the history.
help-of-residents = People whom the suitcase knows. A new request begins here without typing everything again.
help-of-consultations = Talks after which no request was taken. They are counted in the report, so record each. A name is not required.
help-of-exchange = What the centre has not opened yet, how large it is, and when the next attempt is. The suitcase tries by itself; “Try now” only hurries it.
help-of-carrier = A suitcase with a network can exchange with the centre for others: they hand it sealed letters through the local network and collect the answers from it.
help-of-stick = When there is no connection for long: write what waits onto a stick and send it to the centre. One stick may carry letters of several suitcases. The centre reads it and adds its answers; put it in again and choose “Read from the stick”.
help-of-releases = By which release of the catalogue fees and terms are counted, what changes and when, which releases were not taken and why.
help-of-verify = Checking a paper without a network: a scanner types the code like a keyboard. A number may be typed, too, but alone it proves nothing.
help-of-help = The question mark “?” shows the keys of each page.
ask-nolink = …there is no connection
answer-nolink = Go on working: everything recorded stays on the laptop and goes out by itself as soon as there is a connection.
    The page “Exchange” says why the last attempt failed and when the next one is.
ask-clock = …the clock is wrong
answer-clock = Set the laptop’s date and time. What was recorded before is marked; the centre’s marks will prove the true time.
ask-passphrase = …the passphrase is forgotten
answer-passphrase = After mistakes the program waits longer and longer, but never locks for good. Call the centre: twelve words that open the suitcase once are read out there.
ask-mistake = …you pressed the wrong thing
answer-mistake = The last step with a request can be taken back for ten minutes on its page. Fields can be corrected at any time with a reason. Nothing can be deleted, and nothing lost.
ask-lost = …the suitcase is lost or stolen
answer-lost = Call the centre at once: it revokes the suitcase, and no new data reach it. While it is still at hand, Ctrl+Alt+L takes the keys out of its memory.
ask-locks = …you have to leave it for a while
answer-locks = Alt+L hides everything and lets the exchange go on; the screen locks itself after 10 minutes, too.
    Ctrl+Alt+L locks the suitcase: no key stays in memory. The same happens when the laptop goes to sleep, or after an hour without work. On the command line: field-agent lock.

# Sent while the screen was locked
held-title = Continue
held-words = This was sent when the screen was locked already, so it was not recorded. The program holds it in memory only, and for you only. Send it once more or throw it away; if it was not you who sent it, throw it away.
held-when = sent { $time }, not recorded
held-continue = Continue
held-drop = Throw away
held-notice = { $n ->
    [one] One form was not recorded, because the screen was locked.
   *[other] { $n } forms were not recorded, because the screen was locked.
}
held-waits = What was sent is not recorded yet. It waits: enter the passphrase and press “Continue”.
held-lost = What was sent was not recorded: the suitcase was locked, and there is nowhere to hold it. Enter the passphrase and type it again; drafts are saved.
held-note = A note on request { $number }
held-notes = A mark on a note of request { $number }
held-correct = A correction of request { $number }
held-withdraw = The withdrawal of request { $number }
held-supplement = What was brought to request { $number }
held-deliver = The result of request { $number } handed over
held-conflict = A value chosen in request { $number }
held-undo = A step taken back in request { $number }
held-request = A step with request { $number }
held-finish = Recording a request
held-draft = A draft of a request
held-consultation = A consultation
held-same = A decision whether this is one person
held-other = A form that was sent
budget-title = Limit the exchange
budget-minutes = No longer than, minutes
budget-megabytes = No more than, MB
budget-ask = What will fit?
budget-start = Start within these limits
next-after-limit = { $n ->
    [one] the limit is reached: by itself in { $n } minute, or when you press “Try now”
   *[other] the limit is reached: by itself in { $n } minutes, or when you press “Try now”
}

# Making room
room-title = Make room on the suitcase
room-link = Let go of what is closed
room-words = { $n ->
    [one] The centre wants what is closed held on the suitcase for { $n } day; then it leaves by itself, after an exchange.
   *[other] The centre wants what is closed held on the suitcase for { $n } days; then it leaves by itself, after an exchange.
} The centre keeps all of it. What the centre has not opened yet never leaves.
room-days = Show what is closed for more than so many days
room-days-hint = empty: as the centre set; 0: all that is closed
room-show = Show
room-due = May leave the suitcase
room-nothing = Nothing may leave the suitcase yet.
room-button = Make room
room-done = { $n ->
    [one] { $n } record left the suitcase. The centre has it.
   *[other] { $n } records left the suitcase. The centre has them.
}
room-gone = At the centre, no longer on the suitcase: { $n }
room-sealed = Sealed entries about it, without keys: { $sealed } still here, { $bare } gone. They go by themselves 30 days after a backup of the centre holds them.
room-none-gone = Nothing has left the suitcase yet.
room-column-changed = Changed
room-column-why = Why
room-column-gone = When
room-request = request
room-resident = resident
room-visit = visit
room-consultation = consultation
room-why-old = closed for long
room-why-taken-back = taken back by the centre
room-why-by-hand = the officer wanted it
help-of-room = What is closed and at the centre is not needed on the suitcase any more: whoever steals it should not find it. It leaves by itself when the days that the centre set are over; here you see what left, and need not wait. A request that is needed again is entrusted again by the centre.
damaged-notice = What is kept on the disk is damaged.
damaged-words = Damage was found in { $n ->
    [one] { $n } place.
   *[other] { $n } places.
 } Exchange with the centre, then close the program and run “field-agent repair”: it keeps what is whole and names what is lost, and what the centre has comes back. If you do not know how, call the administrator. You can go on working.
