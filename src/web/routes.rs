//! Routes before they have a policy: handlers under the path and methods that they declare.
//!
//! A handler's `#[utoipa::path]` says both, and describes it for the OpenAPI document. Only tests
//! run the descriptions: the code that builds a document of half a megabyte would be a twentieth
//! of the binary, which embeds the committed document instead.

use super::Front;
use axum::{handler::Handler, routing::MethodRouter};
use utoipa::openapi::{HttpMethod, path::Operation};
use utoipa_axum::PathItemExt as _;

/// Routes that share a policy, made by [`routes!`] or [`by_hand`].
#[derive(Default)]
pub(crate) struct Routes {
    pub(super) methods: MethodRouter<Front>,
    /// Path → methods (`GET`, …).
    pub(super) paths: Vec<(String, Vec<String>)>,
    #[cfg(test)]
    pub(super) described: described::Described,
}

impl Routes {
    /// Adds a handler where its description, a type that utoipa made, says.
    pub(crate) fn with<P, H, T>(mut self, _: P, handler: H) -> Self
    where
        P: utoipa::Path,
        H: Handler<T, Front>,
        T: 'static,
    {
        let methods = P::methods();
        for method in &methods {
            self.methods = self.methods.on(method.to_method_filter(), handler.clone());
        }
        self.at(&P::path(), &methods)
    }

    fn at(mut self, path: &str, methods: &[HttpMethod]) -> Self {
        let names = methods.iter().map(|method| name(method).to_owned());
        match self.paths.iter_mut().find(|(known, _)| known == path) {
            Some((_, known)) => known.extend(names),
            None => self.paths.push((path.to_owned(), names.collect())),
        }
        self
    }
}

/// A route written out by hand, for those that exist once per kind or take any path.
/// `operation` describes it, for the document.
pub(crate) fn by_hand(
    method: HttpMethod,
    path: &str,
    operation: impl FnOnce() -> Operation,
    methods: MethodRouter<Front>,
) -> Routes {
    let routes = Routes { methods, ..Routes::default() };
    let routes = routes.at(path, std::slice::from_ref(&method));
    #[cfg(test)]
    let routes = routes.described_by_hand(method, path, operation());
    #[cfg(not(test))]
    let _ = operation;
    routes
}

const fn name(method: &HttpMethod) -> &'static str {
    match method {
        HttpMethod::Get => "GET",
        HttpMethod::Put => "PUT",
        HttpMethod::Post => "POST",
        HttpMethod::Delete => "DELETE",
        HttpMethod::Patch => "PATCH",
        HttpMethod::Head => "HEAD",
        HttpMethod::Options => "OPTIONS",
        HttpMethod::Trace => "TRACE",
    }
}

/// [`Routes`] of handlers that have a `#[utoipa::path]` in their module.
macro_rules! routes {
    (@said $handler:ident) => {
        utoipa_axum::paste! { [<__path_ $handler>] }
    };
    (@said $module:ident::$handler:ident) => {
        utoipa_axum::paste! { $module::[<__path_ $handler>] }
    };
    ($($($part:ident)::+),+ $(,)?) => {{
        let routes = $crate::web::routes::Routes::default();
        $(
            let said = $crate::web::routes::routes!(@said $($part)::+);
            let routes = routes.with(said, $($part)::+);
        )+
        #[cfg(test)]
        let routes = routes.described(utoipa_axum::routes!($($($part)::+),+));
        routes
    }};
}
pub(crate) use routes;

#[cfg(test)]
mod described {
    use super::{Front, HttpMethod, Operation, Routes};
    use utoipa::openapi::{
        Components, OpenApi, RefOr, Schema,
        path::{PathItem, Paths},
    };
    use utoipa_axum::router::UtoipaMethodRouter;

    /// What the document says of some routes.
    #[derive(Default)]
    pub(crate) struct Described {
        schemas: Vec<(String, RefOr<Schema>)>,
        paths: Paths,
    }

    impl Routes {
        pub(crate) fn described(mut self, by: UtoipaMethodRouter<Front>) -> Self {
            let (schemas, paths, _) = by;
            self.described = Described { schemas, paths };
            self
        }

        pub(super) fn described_by_hand(
            mut self,
            method: HttpMethod,
            path: &str,
            operation: Operation,
        ) -> Self {
            let item = PathItem::new(method, operation);
            self.described.paths.paths.insert(path.to_owned(), item);
            self
        }
    }

    impl Described {
        pub(crate) fn into_document(self, document: &mut OpenApi) {
            for (path, item) in self.paths.paths {
                match document.paths.paths.get_mut(&path) {
                    Some(known) => known.merge_operations(item),
                    None => drop(document.paths.paths.insert(path, item)),
                }
            }
            let components = document.components.get_or_insert_with(Components::new);
            components.schemas.extend(self.schemas);
        }
    }
}
