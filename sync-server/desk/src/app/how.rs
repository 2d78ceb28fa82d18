//! In which ways somebody sees data or does what leaves no trace elsewhere, as the list of traces names them.

/// How somebody saw personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum How {
    /// The request's page.
    Page,
    /// Its card, on paper.
    Card,
    /// Its опис, on paper.
    Opys,
    /// Its routing sheet, on paper.
    Sheet,
    /// Values that differ, or look-alikes, side by side.
    Compared,
    /// A page of the journal.
    Journal,
    /// The journal as a file.
    JournalFile,
    /// A queue as a file.
    QueueFile,
    /// Consultations, in their list or one by itself.
    Consultations,
    /// Consultations as a file.
    ConsultationFile,
    /// A page of the queue, found by words of a search.
    Searched,
    /// The command line.
    Command,
    /// Access for another suitcase.
    Granted,
    /// Access taken back from a suitcase.
    TakenBack,
    /// Came in.
    SignedIn,
    /// Tried to.
    WrongPassphrase,
    /// Gave a right passphrase where a code is owed as well.
    RightPassphrase,
    /// Gave a wrong code, after that or to turn the code off.
    WrongCode,
    /// Took all records out as files.
    TookAll,
    /// The report on a lost suitcase: whose data are on it.
    LostReport,
    /// This list as a file.
    AuditFile,
    /// Ended somebody's session.
    EndedSession,
    /// Opened the sealed desk.
    Unsealed,
    /// Made a backup.
    TookBackup,
    /// Checked a backup.
    CheckedBackup,
    /// Wrote the page that checks papers.
    TookVerifier,
    /// Read the letters on a stick.
    ReadStick,
    /// Put answers onto a stick.
    WroteStick,
    /// Took the evidence file of a case.
    TookEvidence,
}

impl How {
    /// All ways in which data are seen.
    pub const SEEN: [Self; 16] = [
        Self::TookEvidence,
        Self::Page,
        Self::Card,
        Self::Opys,
        Self::Sheet,
        Self::Compared,
        Self::Journal,
        Self::JournalFile,
        Self::QueueFile,
        Self::Consultations,
        Self::ConsultationFile,
        Self::Searched,
        Self::Command,
        Self::TookAll,
        Self::LostReport,
        Self::AuditFile,
    ];

    /// What leaves the desk as a file is noted each time.
    pub(super) const fn is_file(self) -> bool {
        matches!(
            self,
            Self::JournalFile
                | Self::QueueFile
                | Self::ConsultationFile
                | Self::TookAll
                | Self::AuditFile
                | Self::TookEvidence
        )
    }

    /// Its name in facts and lists.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Page => "saw_page",
            Self::Card => "saw_card",
            Self::Opys => "saw_opys",
            Self::Sheet => "saw_sheet",
            Self::Compared => "saw_compared",
            Self::Journal => "saw_journal",
            Self::JournalFile => "took_journal",
            Self::QueueFile => "took_queue",
            Self::Consultations => "saw_consultations",
            Self::ConsultationFile => "took_consultations",
            Self::Searched => "searched",
            Self::Command => "saw_command",
            Self::Granted => "granted",
            Self::TakenBack => "taken_back",
            Self::SignedIn => "signed_in",
            Self::WrongPassphrase => "wrong_passphrase",
            Self::RightPassphrase => "right_passphrase",
            Self::WrongCode => "wrong_code",
            Self::TookAll => "took_all",
            Self::LostReport => "saw_lost_report",
            Self::AuditFile => "took_audit",
            Self::EndedSession => "ended_session",
            Self::Unsealed => "unsealed",
            Self::TookBackup => "took_backup",
            Self::CheckedBackup => "checked_backup",
            Self::TookVerifier => "took_verifier",
            Self::ReadStick => "read_stick",
            Self::WroteStick => "wrote_stick",
            Self::TookEvidence => "took_evidence",
        }
    }
}
