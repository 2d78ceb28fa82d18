//! The register in parts, asked for by name: for a laptop that has just been certified, and for a suitcase that does not
//! know who answers. Each part is as large as the link carries and is kept when it comes, so that a link which is cut
//! again and again, or a contact that ends, costs one part and no more. A hub of before gives all of it at once.

use super::SyncError;
use super::contact::{Hurt, blocking};
use super::http::Reply;
use super::run::Run;
use super::trouble::LinkError;
use crate::Peer;
use chain::{EnrolmentAnswer, Kind, RegisterPart, Segment};
use std::sync::Arc;

const PATH: &str = "/v1/enrol";

/// What somebody who asks to be enrolled is told.
pub(super) enum Part {
    /// So many entries that were not held before; and whether there are more.
    Given { new: usize, more: bool },
    /// Nobody has answered yet.
    Waiting,
    /// Somebody else has this place.
    Full,
}

impl Run<'_> {
    /// The next part, asked for with `request` and kept if it is `believed`. `None`: nothing fits what is allowed.
    pub(super) async fn part(&mut self, request: &[u8], believed: bool) -> Result<Option<Part>, SyncError> {
        // Of what is not believed the least is enough.
        let most = if believed { u32::MAX } else { 1 };
        let reply = loop {
            let mut load = self.load(self.link.carried(), false);
            if load.fresh {
                self.link.renew();
            }
            if self.allowed(load, false).await?.is_none() {
                return Ok(None);
            }
            let asked = match self.connect().await {
                Err(error) => Err(error),
                Ok(learnt) => {
                    if learnt {
                        load = self.load(0, false);
                    }
                    let Some(load) = self.allowed(load, false).await? else { return Ok(None) };
                    let held = held(self.peer).await?;
                    self.ask(request, &RegisterPart { room: load.budget.min(most), held }).await
                }
            };
            match asked {
                Ok(reply) => break reply,
                Err(error) => self.get_over(error).await?,
            }
        };
        self.hurt = Hurt { ever: self.hurt.ever, ..Hurt::default() };
        let answer = EnrolmentAnswer::decode(&reply.bytes).map_err(|_| SyncError::Damaged)?;
        let EnrolmentAnswer::Register(mut segments) = answer else {
            return Ok(Some(if answer == EnrolmentAnswer::Waiting { Part::Waiting } else { Part::Full }));
        };
        // Nothing else is taken from somebody who is not known.
        segments.retain(is_register);
        let new = match believed {
            true => blocking(self.peer, move |ledger| ledger.store_segments(segments)).await?,
            false => 0,
        };
        Ok(Some(Part::Given { new, more: reply.more }))
    }

    async fn ask(&mut self, request: &[u8], part: &RegisterPart) -> Result<Reply, LinkError> {
        let (carried, before) = (self.link.carried(), self.link.traffic().both());
        let reply = self.link.post_for(PATH, request.to_vec(), part).await;
        match &reply {
            Ok(_) => self.courier.carried(self.link.carried()),
            Err(error) => self.lost(error, carried, request.len(), self.link.traffic().both() - before),
        }
        reply
    }
}

/// Where the register's chains end here.
async fn held(peer: &Arc<Peer>) -> Result<Vec<(ids::ChainId, u64)>, SyncError> {
    let ends =
        blocking(peer, |ledger| Ok(ledger.register.desks().map(|(desk, end, _)| (desk.register, end.seq)).collect()));
    Ok(ends.await?)
}

fn is_register(segment: &Segment) -> bool {
    segment.entries.iter().all(|entry| entry.header.kind == Kind::REGISTER)
}
