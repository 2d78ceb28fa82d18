# administration

# backups
backups = Backups
backup-about = How backups are
backup-last = Last backup
backup-checked = Last check
backup-drilled = Last drill
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
