//! A person without a mouse.

use super::window::{Window, quoted};
use serde_json::Value;
use std::cell::Cell;
use std::time::Instant;
use thirtyfour::prelude::*;

/// Tabs from the top of the longest page to its end, with room.
const TABS_MAX: usize = 700;

thread_local! {
    /// Keys pressed by this test: each has a thread of its own.
    static STROKES: Cell<usize> = const { Cell::new(0) };
}

fn count(strokes: usize) {
    STROKES.set(STROKES.get() + strokes);
}

/// What one act costs a person without a mouse: keys, a chord being one; and seconds as the test's keys come.
pub struct Measured {
    act: &'static str,
    strokes: usize,
    since: Instant,
}

impl Measured {
    /// From here on.
    pub fn start(act: &'static str) -> Self {
        Self { act, strokes: STROKES.get(), since: Instant::now() }
    }

    /// Up to here; no more keys than this.
    #[track_caller]
    pub fn end(self, most: usize) {
        let strokes = STROKES.get() - self.strokes;
        println!("measured:\n{}: {strokes} keys, {:.1} s", self.act, self.since.elapsed().as_secs_f64());
        assert!((1..=most).contains(&strokes), "{}: {strokes} keys instead of at most {most}", self.act);
    }
}

impl Window {
    /// Types a text where the focus is.
    pub async fn keys(&self, text: &str) {
        count(text.chars().count());
        self.driver.action_chain().send_keys(text).perform().await.expect("keys");
    }

    /// Presses one key.
    pub async fn press(&self, key: Key) {
        count(1);
        self.driver.action_chain().key_down(key.value()).key_up(key.value()).perform().await.expect("a key");
    }

    /// Presses a key while another is held.
    pub async fn chord(&self, held: Key, key: char) {
        count(1);
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

    /// A letter that leads to another page.
    pub async fn keys_on(&self, text: &str) {
        self.mark().await;
        self.keys(text).await;
        self.turned().await;
    }

    /// Tabs on to a link or button for which the expression about `e` is true, and follows it with Enter.
    pub async fn enter(&self, expression: &str) {
        self.tab_until(expression).await;
        self.press_on(Key::Enter).await;
    }

    /// Tabs on to a link or button that says this, and follows it with Enter.
    pub async fn enter_words(&self, words: &str) {
        let says = format!("e.textContent.replaceAll('\\u00a0', ' ').includes({})", quoted(words));
        self.enter(&format!("e.matches('a, button') && {says}")).await;
    }

    /// Tabs on to a folded part that says this, and opens it.
    pub async fn unfold(&self, words: &str) {
        self.tab_until(&format!("e.matches('summary') && e.textContent.includes({})", quoted(words))).await;
        self.press(Key::Enter).await;
        assert_eq!(self.ask("document.activeElement.parentElement.open").await, Value::Bool(true), "{words}");
    }

    /// Writes into the input with this name instead of what stands there.
    pub async fn rewrite(&self, name: &str, text: &str) {
        self.tab_to(name).await;
        self.chord(Key::Control, 'a').await;
        self.keys(text).await;
        assert_eq!(self.focus().await.1, text, "{name}");
    }

    /// Types into a line with suggestions and takes the one with this code; the page that follows is filled.
    pub async fn take(&self, name: &str, words: &str, code: &str) {
        self.tab_to(name).await;
        self.keys(words).await;
        let code = quoted(code);
        let offered = "[...document.querySelectorAll('[role=listbox]:not([hidden]) [role=option]')]";
        self.until(&format!("{offered}.some(e => e.dataset.code.includes({code}))")).await;
        let there = format!("{offered}.some(e => e.ariaSelected === 'true' && e.dataset.code.includes({code}))");
        for _ in 0..10 {
            self.press(Key::Down).await;
            if self.ask(&there).await == Value::Bool(true) {
                break;
            }
        }
        self.press_on(Key::Enter).await;
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
