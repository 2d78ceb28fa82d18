//! How a laptop that nobody knows yet reaches the desk.

use crate::parts::{lacking, within};
use crate::{Hub, Rejected};
use chain::{EnrolmentAnswer, EnrolmentRequest, Entry, Register, RegisterPart, Segment, limits};
use clock::Time;
use ids::{ChainId, TenantId};

/// Bytes of a segment beside its entries, and of an answer beside its segments, at most.
const SEGMENT_HEAD: usize = 64;
const ANSWER_HEAD: usize = 16;

impl Hub {
    /// Answers one enrolment request: the register if it certifies the laptop's chain with the laptop's key; else the
    /// request waits for the desk, which gets it with its next exchange.
    pub fn enrol(&self, bytes: &[u8], now: Time) -> Result<Vec<u8>, Rejected> {
        self.enrol_part(bytes, now, None).map(|(answer, _)| answer)
    }

    /// As [`Hub::enrol`], of the register what is asked for; and whether anything is left behind that.
    pub fn enrol_part(
        &self,
        bytes: &[u8],
        now: Time,
        part: Option<&RegisterPart>,
    ) -> Result<(Vec<u8>, bool), Rejected> {
        if bytes.len() > limits::ENROLMENT {
            return Err(Rejected::TooLarge);
        }
        // Its version 2 says how the invitation came.
        let request = EnrolmentRequest::decode(bytes).map_err(|error| Rejected::unread(bytes, 2, error))?;
        let community = self.community(request.tenant)?;
        let register = community.register();
        let mut more = false;
        let answer = if is_known(&register, &request) {
            self.store.drop_enrolments(request.tenant, &[request.chain])?;
            let segments;
            (segments, more) = match part {
                Some(part) => self.part_of_register(request.tenant, part)?,
                None => (self.whole_register(request.tenant)?, false),
            };
            EnrolmentAnswer::Register(segments)
        } else if register.author(request.chain).is_none() && !self.is_taken(&request, now)? {
            self.store.put_enrolment(request.tenant, request.chain, request.invitation, bytes, now.0)?;
            EnrolmentAnswer::Waiting
        } else {
            EnrolmentAnswer::Full
        };
        tracing::info!(tenant = %request.tenant, chain = %request.chain, "asked to be enrolled");
        Ok((answer.encode(), more))
    }

    fn part_of_register(&self, tenant: TenantId, part: &RegisterPart) -> Result<(Vec<Segment>, bool), Rejected> {
        let held = |chain| part.held.iter().find(|held| held.0 == chain).map_or(0, |(_, seq)| *seq);
        let room = part.room.min(limits::BUDGET) as usize;
        Ok(lacking(self.store.register(tenant)?, tenant, held, within(room))?)
    }

    /// The register, if one answer has room for it: a reader takes no longer one than [`limits::MESSAGE`].
    fn whole_register(&self, tenant: TenantId) -> Result<Vec<Segment>, Rejected> {
        let register = self.store.register(tenant)?;
        let entries = register.iter().flat_map(|segment| &segment.entries);
        let bytes = entries.map(Entry::size).sum::<usize>() + register.len() * SEGMENT_HEAD;
        if bytes > limits::MESSAGE - ANSWER_HEAD {
            tracing::error!(%tenant, bytes, "the register has outgrown an enrolment");
            return Err(Rejected::Outgrown);
        }
        Ok(register)
    }

    /// True if another laptop, with other keys, waits under this chain already: the first one stays.
    fn is_taken(&self, request: &EnrolmentRequest, now: Time) -> Result<bool, Rejected> {
        let waiting = self.store.enrolments(request.tenant, now.0)?;
        let first = waiting.iter().find(|(chain, _)| *chain == request.chain);
        let first = first.and_then(|(_, bytes)| EnrolmentRequest::decode(bytes).ok());
        Ok(first.is_some_and(|first| (first.signing, first.agreement) != (request.signing, request.agreement)))
    }

    /// What the desk has not answered yet. Answered ones are forgotten here.
    pub(crate) fn waiting_enrolments(
        &self,
        tenant: TenantId,
        register: &Register,
        now: Time,
    ) -> Result<Vec<Vec<u8>>, Rejected> {
        let all = self.store.enrolments(tenant, now.0)?;
        let (answered, waiting): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|(chain, _)| register.author(*chain).is_some());
        let answered: Vec<ChainId> = answered.into_iter().map(|(chain, _)| chain).collect();
        if !answered.is_empty() {
            self.store.drop_enrolments(tenant, &answered)?;
        }
        Ok(waiting.into_iter().map(|(_, bytes)| bytes).collect())
    }
}

/// A suitcase with its certified key, or one that goes on for such a one and waits to be confirmed: whoever may write a chain may
/// have the register.
fn is_known(register: &Register, request: &EnrolmentRequest) -> bool {
    register.author(request.chain) == Some(request.signing)
}
