//! Which part of the register somebody asks for beside an enrolment request. It travels as a header of HTTP, so that the
//! request's bytes stay what they are: a hub that knows no such header gives the whole register.

use ids::ChainId;
use std::fmt;
use std::str::FromStr;

/// What is lacking of the register, and how much of it one answer may have.
///
/// As text: bytes, and for each register chain of which something is held ` CHAIN:SEQ`, as in
/// `14000 6f1c1b8e-8d0f-4c53-9e07-0b54c2f3a1d2:41`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterPart {
    /// Bytes of entries; one entry at least is given, whatever its size.
    pub room: u32,
    /// Chains, and the last entry that is held of each. Of others everything is lacking.
    pub held: Vec<(ChainId, u64)>,
}

impl RegisterPart {
    /// Header of the request.
    pub const WANTED: &'static str = "valiza-register-part";
    /// Header of an answer behind which something is left; its value says nothing.
    pub const MORE: &'static str = "valiza-register-more";
    /// Most chains that are named: with more of them a head would outgrow what a hub reads.
    pub const CHAINS: usize = 128;
}

impl fmt::Display for RegisterPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.room)?;
        self.held.iter().take(Self::CHAINS).try_for_each(|(chain, seq)| write!(f, " {chain}:{seq}"))
    }
}

/// The text asks for no part of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a part of a register")]
pub struct NoPart;

impl FromStr for RegisterPart {
    type Err = NoPart;

    fn from_str(text: &str) -> Result<Self, NoPart> {
        let mut words = text.split(' ');
        let room = words.next().and_then(|room| room.parse().ok()).ok_or(NoPart)?;
        let pair = |word: &str| {
            let (chain, seq) = word.split_once(':')?;
            Some((chain.parse().ok()?, seq.parse().ok()?))
        };
        let held: Vec<_> = words.map(pair).collect::<Option<_>>().ok_or(NoPart)?;
        if held.len() > Self::CHAINS { Err(NoPart) } else { Ok(Self { room, held }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_written_and_read_back_and_anything_else_is_none() {
        let chain = ChainId::from_random([7; 16]);
        for held in [vec![], vec![(chain, 41)], vec![(chain, 1), (ChainId::from_random([8; 16]), u64::MAX)]] {
            let part = RegisterPart { room: 14_000, held };
            assert_eq!(part.to_string().parse(), Ok(part));
        }
        let named = format!("14000 {chain}:41");
        assert_eq!(named, "14000 07070707-0707-4707-8707-070707070707:41");
        for none in ["", " ", "x", "-1", "14000 ", "14000  ", "14000 41", &named[..42], &format!("{named}:1")] {
            assert_eq!(none.parse::<RegisterPart>(), Err(NoPart), "{none:?}");
        }
        let many = RegisterPart { room: 1, held: vec![(chain, 1); RegisterPart::CHAINS + 1] };
        assert_eq!(many.to_string().parse().map(|part: RegisterPart| part.held.len()), Ok(RegisterPart::CHAINS));
        assert!(format!("{many} {chain}:1").parse::<RegisterPart>().is_err());
        assert!(many.to_string().len() < 12 * 1024, "what a hub reads of a head");
    }
}
