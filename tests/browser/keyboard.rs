//! A person without a mouse.

use super::window::{Window, quoted};
use serde_json::Value;
use thirtyfour::prelude::*;

/// Tabs from the top of the longest page to its end, with room.
const TABS_MAX: usize = 700;

impl Window {
    /// Types a text where the focus is.
    pub async fn keys(&self, text: &str) {
        self.driver.action_chain().send_keys(text).perform().await.expect("keys");
    }

    /// Presses one key.
    pub async fn press(&self, key: Key) {
        self.driver.action_chain().key_down(key.value()).key_up(key.value()).perform().await.expect("a key");
    }

    /// Presses a key while another is held.
    pub async fn chord(&self, held: Key, key: char) {
        let chain = self.driver.action_chain().key_down(held.value()).key_down(key).key_up(key);
        chain.key_up(held.value()).perform().await.expect("a chord");
    }

    /// A key that leads to another page.
    pub async fn press_on(&self, key: Key) {
        self.mark().await;
        self.press(key).await;
        self.turned().await;
    }

    /// A chord that leads to another page.
    pub async fn chord_on(&self, held: Key, key: char) {
        self.mark().await;
        self.chord(held, key).await;
        self.turned().await;
    }

    /// What has the focus: its name, id or text, and its value.
    pub async fn focus(&self) -> (String, String) {
        let told =
            self.ask("(e => [e.name || e.id || e.textContent.trim(), e.value ?? ''])(document.activeElement)").await;
        let part = |at: usize| told[at].as_str().unwrap_or_default().to_owned();
        (part(0), part(1))
    }

    /// Tabs on until an element has the focus for which the expression about `e` is true.
    pub async fn tab_until(&self, expression: &str) {
        for _ in 0..TABS_MAX {
            let there = format!("(e => e !== document.body && !!({expression}))(document.activeElement)");
            if self.ask(&there).await == Value::Bool(true) {
                return;
            }
            self.press(Key::Tab).await;
        }
        self.picture("failed").await;
        panic!("never reached: {expression}\n{}\n{}", self.path().await, self.text().await);
    }

    /// Tabs on to the input with this name or id.
    pub async fn tab_to(&self, name: &str) {
        let name = quoted(name);
        self.tab_until(&format!("e.name === {name} || e.id === {name}")).await;
    }

    /// Tabs on to an input and types into it.
    pub async fn type_in(&self, name: &str, text: &str) {
        self.tab_to(name).await;
        self.keys(text).await;
        assert_eq!(self.focus().await.1, text, "{name}");
    }

    /// Tabs on to radio buttons and chooses one with space and arrows.
    pub async fn choose(&self, name: &str, value: &str) {
        self.tab_to(name).await;
        self.press(Key::Space).await;
        for _ in 0..20 {
            if self.focus().await.1 == value {
                return;
            }
            self.press(Key::Down).await;
        }
        panic!("{name} offers no {value}");
    }

    /// Tabs on to a list and goes down in it, closed as it is, to a value.
    pub async fn pick(&self, name: &str, value: &str) {
        self.tab_to(name).await;
        for _ in 0..50 {
            if self.focus().await.1 == value {
                return;
            }
            self.press(Key::Down).await;
        }
        panic!("{name} offers no {value}");
    }

    /// Tabs on to a box and ticks it.
    pub async fn tick(&self, name: &str) {
        self.tab_to(name).await;
        self.press(Key::Space).await;
        assert_eq!(self.ask("document.activeElement.checked").await, Value::Bool(true), "{name}");
    }

    /// Tabs on to a field with suggestions, types, and takes the first one.
    pub async fn take_suggested(&self, name: &str, words: &str) {
        self.tab_to(name).await;
        self.keys(words).await;
        self.until("document.querySelector('[role=listbox]:not([hidden]) [role=option]')").await;
        self.press(Key::Down).await;
        self.press(Key::Enter).await;
        let code = format!("document.querySelector('[name={}]').value", quoted(&format!("{name}~code")));
        assert_ne!(self.ask(&code).await, Value::from(""), "{name}: {words}");
    }
}
