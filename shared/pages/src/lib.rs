//! Layout, components, translations and assets of both web consoles.
