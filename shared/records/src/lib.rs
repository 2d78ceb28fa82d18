//! Visits, residents, requests on automerge: typed views, commands, merge rules, the gate.
