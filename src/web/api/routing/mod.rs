//! `/api/v1/routes/tree` and `/api/v1/routes/explain`: who is told of what, and why.

mod explain;
mod part;
mod reach;
mod tree;

use crate::web::routes::routes;
use crate::{
    model::spec::RoleName,
    web::{policy::Policy, router::Doors},
};

pub(crate) fn routes(doors: Doors) -> Doors {
    doors
        .open(Policy::Role(RoleName::Viewer), routes!(tree::routes_tree))
        .open(Policy::Within(RoleName::Viewer), routes!(explain::routes_explain))
}
