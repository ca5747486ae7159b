//! The thirteen kinds of CTPAT member. Each has its own level for a criterion.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A kind of CTPAT member, as the portal's account types name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entity {
    UsImporter,
    UsExporter,
    ForeignManufacturer,
    CustomsBroker,
    ThirdPartyLogistics,
    Consolidator,
    HighwayCarrierUsCanada,
    HighwayCarrierMexico,
    LongHaulMexico,
    RailCarrier,
    SeaCarrier,
    AirCarrier,
    MarinePortTerminal,
}

/// Why a text names no entity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an entity type")]
pub struct EntityError {
    pub text: String,
}

impl Entity {
    pub const ALL: [Self; 13] = [
        Self::UsImporter,
        Self::UsExporter,
        Self::ForeignManufacturer,
        Self::CustomsBroker,
        Self::ThirdPartyLogistics,
        Self::Consolidator,
        Self::HighwayCarrierUsCanada,
        Self::HighwayCarrierMexico,
        Self::LongHaulMexico,
        Self::RailCarrier,
        Self::SeaCarrier,
        Self::AirCarrier,
        Self::MarinePortTerminal,
    ];

    /// The name on the command line, in files and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UsImporter => "us-importer",
            Self::UsExporter => "us-exporter",
            Self::ForeignManufacturer => "foreign-manufacturer",
            Self::CustomsBroker => "customs-broker",
            Self::ThirdPartyLogistics => "third-party-logistics",
            Self::Consolidator => "consolidator",
            Self::HighwayCarrierUsCanada => "highway-carrier-us-canada",
            Self::HighwayCarrierMexico => "highway-carrier-mexico",
            Self::LongHaulMexico => "long-haul-mexico",
            Self::RailCarrier => "rail-carrier",
            Self::SeaCarrier => "sea-carrier",
            Self::AirCarrier => "air-carrier",
            Self::MarinePortTerminal => "marine-port-terminal",
        }
    }

    /// The name in a sentence.
    pub fn title(self) -> &'static str {
        match self {
            Self::UsImporter => "U.S. importer",
            Self::UsExporter => "U.S. exporter",
            Self::ForeignManufacturer => "foreign manufacturer",
            Self::CustomsBroker => "customs broker",
            Self::ThirdPartyLogistics => "third-party logistics provider",
            Self::Consolidator => "consolidator",
            Self::HighwayCarrierUsCanada => "U.S./Canada highway carrier",
            Self::HighwayCarrierMexico => "Mexico highway carrier",
            Self::LongHaulMexico => "Mexican long haul carrier",
            Self::RailCarrier => "rail carrier",
            Self::SeaCarrier => "sea carrier",
            Self::AirCarrier => "air carrier",
            Self::MarinePortTerminal => "marine port terminal operator",
        }
    }
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Entity {
    type Err = EntityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = |entity: &Self| entity.as_str() == text;
        Self::ALL.into_iter().find(named).ok_or_else(|| EntityError { text: text.to_owned() })
    }
}

/// What a criterion is to an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Must,
    Should,
    NotApplicable,
    /// Even applicability could not be established: the member's portal decides. Never guessed.
    Unknown,
}

impl Level {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::NotApplicable => "not-applicable",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for entity in Entity::ALL {
            assert_eq!(entity.as_str().parse::<Entity>(), Ok(entity));
            assert_eq!(serde_json::to_value(entity).unwrap(), entity.as_str());
        }
        assert!("importer".parse::<Entity>().is_err());
    }
}
