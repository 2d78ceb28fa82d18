# A laptop put back from a copy, or doubled
suitcase-continued = continued
suitcase-done-confirm = Confirmed: the suitcase goes on, and its records are open
suitcase-done-decline = The laptop was not acknowledged: what it sent is set aside
continue-title = Suitcase { $number } “{ $name }” began anew
continue-late-title = Suitcase { $number } was connected by the desk before, after that was replaced
continue-late = Either whoever stole that desk did it, or the hub lacked its last entries when the centre was restored. Until you decide the suitcase gets nothing but the register; what it recorded waits here.
continue-restored = The laptop’s disk was put back from an old copy. So that no number appears twice, the suitcase writes under a new name. Nothing is lost: what it recorded waits here.
continue-doubled = Alarm: two laptops work under one name. One of them was made from a copy of the other’s disk. Nothing is lost: what both recorded is kept.
continue-taken = The number of this suitcase is confirmed for another laptop already (or for a later state of this disk). Nothing is lost: what this one recorded waits here. If it is a second laptop, do not acknowledge it, and invite it under a number of its own.
continue-facts = It began at { $at } by the laptop’s clock; last heard of: { $heard }; entries that wait: { $n }.
continue-step-ask = Call the officer: was the disk put back, is there a second such laptop?
continue-step-ask-late = Call the suitcase’s officer: was it really connected at your centre, when and by whom?
continue-step-same = The same laptop → confirm. What still arrives under the old name is set aside for you to decide.
continue-step-other = A second or a strange laptop → do not acknowledge it, and invite it under a new number. Revoke a stolen suitcase.
continue-confirm = This is suitcase { $number } → confirm
continue-reason = Why you do not acknowledge it
continue-decline = Do not acknowledge

# administration
people = People
protection = Protection
unknown = unknown
none = none
save = Save
to-set-aside = To the quarantine: what revoked suitcases sent and what could not be let in
to-suitcase = To the suitcase
to-protection = To protection

# Suitcases: the list
col-place = Place
col-officer = Officer
col-not-arrived = Not arrived
col-clock = Clock
col-program = Program
missing-n = { $n ->
    [0] everything arrived
    [one] { $n } entry
   *[other] { $n } entries
}
drafts-n = { $n ->
    [0] no drafts
    [one] { $n } draft
   *[other] { $n } drafts
}
at-last-word = by the suitcase's word of { $time }
clock-right = right
clock-ahead = ahead by { $span }
clock-behind = behind by { $span }
span-minutes = { $n } min
span-hours = { $n } h
span-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
release-n = catalogue { $number }
suitcase-lost = lost
certificate-soon = It is renewed as soon as the suitcase is in contact.
suitcase-done-revoke = The suitcase is revoked. Make the report of its loss if it is lost.
suitcase-done-withdraw = The invitation is withdrawn: nobody can enrol with it.
suitcase-done-same = The words are the same: the suitcase is enrolled.
suitcase-done-differ = The words differ: refused, and the invitation is no longer good. Somebody else knows it: pass a new one another way.
suitcase-done-place = The place is kept.
suitcase-done-lost = The loss is noted.
suitcase-says = What the suitcase says of itself
last-word = Last word of the suitcase
officers = Officers
drafts = Drafts
requests-made = Requests made
place-title = Where the suitcase is
place-hint = district, department or route; up to 120 characters
revoke-confirm = The suitcase's number once more
revoke-confirm-hint = type { $number }, so that no other is revoked
invite-again = Invite a laptop under this number again

# Invitations
invite-way = How you pass it on
invite-hand = from hand to hand: the code on the screen, a printed sheet or a file; the laptop is enrolled at once
invite-voice = I read it aloud, copy it or send it: six words are compared first
invite-always = By this centre's settings six words are always compared.
way-words = compare words
way-at-once = at once
invitation-closed = withdrawn
invitation-withdraw = Withdraw
invitation-step-program = On the laptop: field-agent enrol, a login and a new passphrase of the officer.
invitation-step-line = Point a camera at the code or type the line. Line breaks, spaces and small letters do no harm.
invitation-step-words = The laptop shows six words. Open the page “Suitcases” and compare them with those here.
invitation-step-wait = Wait: the centre answers by itself.
invitation-aloud = The line for reading aloud
invitation-aloud-words = Read in groups of five, Latin letters and digits. The listener repeats each group.
invitation-print = Print the sheet
invitation-file = Save as a file
compare-title = Compare the words: suitcase { $number }, laptop “{ $name }”
compare-words = Invited by { $by }. Ask the officer to read the six words on the laptop's screen. Their order matters, too.
compare-label = Six words of the centre
words-same = The words are the same
words-differ = The words differ → refuse

# Recovery code
recovery-title = Forgot the passphrase
recovery-of = A code for suitcase { $number }
recovery-words = If an officer forgot the passphrase, twelve words open the suitcase once. They are read out by telephone; then a new passphrase is set on the suitcase.
recovery-officers = Officers of the suitcase by its own word: { $names }.
recovery-check = Make sure who it is: ask what a thief of the suitcase does not know.
recovery-call-back = Call back yourself, on the number that the personnel department has.
recovery-aloud = Only then show the words: each time is noted with your name.
recovery-to = To whom you read it and how you made sure
recovery-to-hint = for instance: O. Shevchuk, called back on the office number, told the number of her badge; stays in the record of actions
recovery-show = Show the words
recovery-once = This reading is noted. If the call breaks off, the same words can be shown again until the suitcase sends new ones.
recovery-label = Twelve words
recovery-slowly = Read slowly, word by word; the first four letters are enough.
recovery-check-word = The suitcase notices a mistake by itself: the last word checks the others.
recovery-new = On the suitcase: field-agent passphrase-recover, then a new passphrase. After contact with the centre the suitcase has a new code.
recovery-used = The words used last changed the passphrase of { $login }, { $time } by the suitcase's clock. If they were read to somebody else, treat the suitcase as lost.
recovery-none = The suitcase has sent no code yet. There is one after the first unlocking and contact with the centre. If the passphrase was forgotten before that, invite the laptop again.
recovery-read-out = The code was read out already: { $to } ({ $by }, { $time }). It can be shown again if the call broke off; there is a new one after the suitcase was opened with it and was in contact.

# Loss
lost-report = Report of a loss: whose data are on the suitcase, what did not arrive, which numbers are in doubt
lost-title = Loss of suitcase { $number }
lost-made = Made { $time } from what the centre holds. It names people: print it for the case only.
lost-print = Print the report
lost-contact = Suitcase and contact
lost-not-revoked = not revoked: revoke it now
lost-unknown-after = What was written later is unknown
lost-drafts = Drafts that were on it alone
lost-records = Records on the suitcase
lost-given-up = Records that by its own word it holds no longer
lost-late-given-up = Records that it said after its revocation it gave up (not believed: counted as on it)
lost-said = { $what } ({ $by }, { $time })
lost-numbers = Receipt numbers
lost-used = Arrived at the centre
lost-void = Spoilt, by the suitcase's word
lost-doubtful = In doubt: counted, but no request is known
lost-late-void = Declared void by it after its revocation (not believed)
lost-later = After the last word
lost-later-doubtful = numbers given after { $time } are not known to the centre: compare with the paper
lost-all-doubtful = no number of this suitcase is known to the centre: compare with the paper
lost-steps = What to do
lost-done = done
lost-step-note = Note what happened, when and where.
lost-step-revoke = Revoke the suitcase: it receives nothing more, and what it sends waits in the quarantine.
lost-step-keys = Wait until the keys of the records it could read are replaced: that goes on by itself.
lost-step-passphrases = Find out whether it was locked and whether a passphrase lay beside it. If it was open, take the data as read.
lost-step-police = Tell the police and the head of the centre; keep the number of the report.
lost-step-people = Decide with the person responsible for personal data whom to tell and how; the people are listed below.
lost-step-health = There are data on health: a special category, told of first.
lost-step-numbers = Requests that are on paper and not at the centre: record them anew with the applicant.
lost-step-aside = Look at the quarantine: what the suitcase sent after it was revoked is let in by a person only.
lost-step-invite = Invite a new laptop; the number may be the same.
lost-people = { $n ->
    [0] Whose data: nobody's
    [one] Whose data are on the suitcase: { $n } person
   *[other] Whose data are on the suitcase: { $n } people
}
lost-people-words = All whose records the suitcase made or was given. Drafts are not among them: the centre knows only how many there are.
lost-unread = Not readable at the centre: { $records } ({ $n } in all). Whom these records name the report does not know; they are on the suitcase. Check the centre (verify).
lost-people-caption = People whose data are on the suitcase
lost-nobody = The centre knows of no record on this suitcase.
lost-name = Name
lost-born = Born
lost-phone = Telephone
lost-requests = Requests
lost-data = Which data
lost-granted = (given by the centre)
lost-note-title = Note the loss
lost-what = What happened
lost-what-hint = when, where, was it locked; without residents' names
lost-note = Note
data-name = name
data-numbers = tax and register numbers
data-document = identity document
data-address = address
data-contact = contacts
data-health = health (special needs)
data-category = category (may tell of health)
data-request = services and papers

# People
account-code = Code
account-enable = The account works again.
account-factor = The code from the application is reset, sessions ended.
account-enable-title = Enable again
account-enable-words = The person signs in with a new passphrase. A code from an application, if there was one, is reset.
account-enable-button = Enable the account
account-changed = What the person may do is changed, open sessions have ended.
account-rank-title = What the person may do
account-raise-words = An administrator unseals the centre, so the person gets a new passphrase.
account-raise-button = Make an administrator
account-lower-words = The person works on requests as before with the same passphrase, and no longer unseals the centre.
account-lower-button = Make a clerk
account-factor-title = Telephone lost
account-factor-words = After the reset a passphrase is enough until the person sets a code up again. Make sure that it is this person who asks.
account-factor-button = Reset the code from the application
officers-title = Officers of suitcases
officers-words = They are added on the suitcases themselves; here is what the suitcases said.
no-officers = No suitcase has named its officers yet: it does as soon as it is in contact.
officer-last = opened it last
sessions = Sessions
sessions-open = Who is signed in
sessions-words = A session ends by itself after 30 minutes without an action and 12 hours after signing in.
session-opened = Signed in
session-used = Last action
session-own = this session
session-end-button = End
session-end = The session is ended.
session-gone = This session is over already.

# Code from an application
code-title = Code from an application
code-open = Turn on, turn off, recovery codes
code-on = { $n ->
    [one] On since { $day }. { $n } recovery code is left.
   *[other] On since { $day }. { $n } recovery codes are left.
}
code-off = Not on: whoever knows your passphrase can sign in as you.
code-required = Administrators of this centre sign in with a code from an application. Turn it on to work on.
code-first = Turn on a code from an application: then a passphrase that somebody saw is not enough.
code-words = Open an application for codes on your telephone (Google Authenticator, Aegis, FreeOTP or another), point it at the code or type the secret, then enter the six digits that it shows.
code-secret = Secret for the application; shown until you confirm
code = Six digits
code-hint = they change every 30 seconds
code-confirm = Turn on
code-later = Not now
code-is-on = It is on. Your other sessions are ended.
code-recovery-title = Recovery codes
code-recovery-words = Print or copy them and keep them away from the telephone. Each works once when the telephone is not at hand. They are not shown again.
code-used-on = used on:
code-off-words = To move to another telephone or get new recovery codes, turn the code off and on again.
code-remove-code = Code from the application, or a recovery code
code-remove-code-hint = six digits, or a recovery code of 16 characters
code-remove = Turn the code off
second-title = Code from an application
second-words = The passphrase is right. Enter the six digits from the application on your telephone, or a recovery code.
second-code = Code
second-code-hint = six digits, or a recovery code of 16 characters
second-button = Sign in
second-help = Neither telephone nor recovery codes? Another administrator resets the code on the page “People”.

# Protection
protection-done-settings = The settings are kept.
protection-done-begun = The centre has new keys; the old ones work until all suitcases know the new ones. Put the kit back into the safe.
protection-done-destroyed = The old keys are destroyed. Make a backup now and destroy the earlier ones.
settings-title = Settings
setting-code = Administrators sign in with a code from an application
setting-code-hint = who has not turned it on sees only the page where that is done
setting-compare = Six words are always compared
setting-compare-hint = even where the invitation came as a code or a file
setting-days = Days between drills with the kit (30–730)
setting-keep = For how many days suitcases hold what is closed (1–730)
setting-keep-hint = requests handed over, withdrawn or repeated, and the people and visits that no other one needs; the centre keeps all of it
rotation-title = The centre’s keys
rotation-never = The centre works with the keys it was made with.
rotation-done = Old keys were destroyed { $day } ({ $by }).
rotation-words = If the centre’s disk may have been copied, or somebody left who had access to it, take new keys. The old ones work until all suitcases know the new ones; then they are destroyed, and what lies in old copies of the hub or on lost sticks opens not even for whoever takes the centre.
rotation-begin = Take the recovery kit out and enter its words here, or in the command on the centre’s machine: sync-server rotate-keys begin. They are checked and forgotten.
rotation-begin-button = Take new keys
rotation-under-way = The centre’s keys are being changed since { $day } ({ $by }). Everybody works as always.
rotation-left = To be sealed with the new key: facts { $facts }, keys of records { $keys }. Entries of the desk that the hub lacks: { $unsent }.
rotation-all-know = All suitcases at work know the new key.
rotation-waits = Suitcases that do not know the new key yet: { $numbers }. They learn of it at the next contact, by stick as well.
rotation-expired = Suitcases whose certificates have run out, and that are not waited for: { $numbers }. They lose nothing that they have not handed over.
rotation-backups = The old key is in these backups: { $places }. Make a new one after the keys are destroyed, and destroy these. Of copies elsewhere the program knows nothing.
rotation-finish = When nobody is waited for any more, destroy the old keys here or with the command sync-server rotate-keys finish.
rotation-without = Do not wait for suitcases
rotation-without-hint = numbers with commas between; these suitcases lose nothing and send again what was not read
rotation-sure = Destroy the old keys for good
rotation-sure-hint = old backups, and sticks written before, do not open with them any more
rotation-finish-button = Destroy the old keys
drill-title = Recovery kit
drill-words = Twice a year take the kit out of the safe and check that it would bring the centre back. The words are checked and forgotten: they are written nowhere and do not come back on this page. Then put the kit back into the safe.
drill-24 = 24 words
drill-hint = with spaces, in the same order; the first four letters of each are enough
drill-button = Check the kit
drill-done = Drill done { $day } ({ $by }).
drill-never = There was no drill yet.
drill-due = The next by { $day }.
drill-overdue = It is time to check the kit.
drill-good = The kit is right: sealed secrets opened, { $opened } of { $desks }.
drill-noted = The drill is noted { $time }. Put the kit back into the safe.

# backups
backups = Backups
backup-about = How backups are
backup-last = Last backup
backup-checked = Last check
backup-drilled = Last drill
backup-told = Suitcases were told of the backup
backup-folder = Where they go
backup-not-yet = not yet
backup-well = { $time } · { $name } · all is well
backup-faults = { $time } · damages found: { $n }
backup-never = There is no backup yet. Make the first one now.
backup-old = The last backup is old: { $time }. Make another one.
backup-drill-due = For over three months nobody has tried whether a backup really comes back. Try one.
backup-goes-on = A backup is being made or checked since { $time }. You can leave this page.
backup-failed-now = It was not done. { $why }
backup-look-again = Look again
backup-words-both = Desk and hub are copied while they work, into a new folder in { $folder }. It should be on another disk than the centre.
backup-words-desk = The desk is copied while it works, into a new folder in { $folder }. A hub on another machine is backed up there.
backup-now = Make a backup now
backup-list = Backups in this folder
backup-none = No backups here yet. The button above makes the first one.
backup-name = Folder
backup-made = Made
backup-halves = What is in it
backup-size = Size
backup-contents = Contents
backup-half-hub = hub
backup-half-desk = desk
backup-contents-checked = checked
backup-contents-sealed = bytes only: the desk was sealed
backup-check-title = Check a backup
backup-which = Which backup
backup-check-now = Check
backup-drill-title = Drill
backup-drill-words = A backup that nobody has tried is not a backup yet. A drill restores it into a folder of its own, opens it with the passphrase, checks every entry and cleans up. The centre goes on working meanwhile.
backup-drill-command = The command, on the centre’s machine: sync-server backup drill { $folder }/FOLDER

# sticks
sticks = Sticks
stick-words = Put in the stick that came from the field. The centre reads the suitcases' letters, brings them to the hub and writes the answers onto the same stick, each sealed to its suitcase. What cannot be read is named; the rest is taken.
stick-out-title = Answer again
stick-out-words = Writes answers as of now for all suitcases that ever wrote by stick, with the decisions made since their letters were read.
stick-plugged = Sticks that are in
stick-free = { $folder } — { $size } free
stick-folder = The stick's folder
stick-folder-hint = On the computer that runs the centre's program. Fill this in if the stick is not in the list.
stick-read = Read letters and write answers
stick-write = Write answers
stick-goes-on = A stick is being read or written since { $time }. Leave it in.
stick-look-again = Look again
stick-take-out = The stick may be taken out
stick-written-read = Written, read back and compared.
stick-last = The last stick
stick-letters = Letters
stick-answers = Answers written
stick-suitcases = For suitcases
stick-more = Not everything fitted for suitcases; the rest comes with the next stick
