//! Definitions of agents beside one another: whoever is called by a name has to be alone with it.

use super::ProjectSubject;
use crate::fact::summary::Summary;
use crate::fact::value::facts;
use std::collections::BTreeMap;

facts! {
    /// An agent by the name that its definition gives it.
    pub struct Agent = "project.agent" {
        /// The name.
        "name" name: Option<String>,
        /// The file.
        "path" path: String,
        /// The file that gave an agent of the same tool this name before.
        "twin" twin: Option<String>,
    }
}

pub(super) fn build(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let mut first: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    // Whose file is called like the agent has the name by right, then who comes first.
    let rightful = |summary: &Summary| {
        let stem = summary.path.rsplit('/').next().and_then(|name| name.split('.').next());
        let name = summary.agent.as_ref().and_then(|agent| agent.as_ref()).map(|(name, _)| name.as_str());
        name.is_none() || name != stem
    };
    let mut agents: Vec<&Summary> = summaries.iter().filter(|summary| summary.agent.is_some()).collect();
    agents.sort_by_key(|summary| rightful(summary));
    for summary in agents {
        let Some(agent) = &summary.agent else { continue };
        let name = agent.as_ref().map(|(name, _)| name.clone());
        let place = agent.as_ref().map_or(&summary.head, |(_, place)| place);
        // The same agent for another tool lies in the folder of that tool.
        let folder = summary.path.find("agents/").map_or("", |at| &summary.path[..at]);
        let key = agent.as_ref().map(|(name, _)| (folder, name.as_str()));
        let before = key.map(|key| *first.entry(key).or_insert(&summary.path));
        let twin = before.filter(|path| **path != *summary.path).map(str::to_owned);
        out.push(ProjectSubject::new(
            Agent { name, twin, path: summary.path.to_string(), ..Agent::default() },
            &*summary.path,
            place.clone(),
        ));
    }
}
