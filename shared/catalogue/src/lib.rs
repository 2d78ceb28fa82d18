//! Services, forms, papers, fees, terms, calendars.
