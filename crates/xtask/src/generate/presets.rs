//! The presets as TOML, from the builder code of the core.

use anyhow::Result;
use value_model::presets;

use super::Generated;

pub(super) fn files() -> Result<Vec<Generated>> {
    let file = |preset: &presets::Preset| {
        let document = value_model_bridge::scorecard_to_toml(&presets::scorecard(preset.id)?)?;
        let name = preset.id.replace('-', "_");
        Ok(Generated::new(format!("crates/value-model/presets/{name}.toml"), document))
    };
    presets::all().iter().map(file).collect()
}
