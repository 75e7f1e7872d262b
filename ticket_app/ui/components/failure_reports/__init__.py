"""Reports of actions that failed in the browser: to its console, and to the server's log."""

import reflex as rx

rx.asset("reports.ts", shared=True)
