// The attempt is over and its end is on the screen: nothing of it stays on this device. What was recorded here in time
// and never sent goes first: the server keeps it for the marker.

import { Outbox, Sender } from "./outbox.js";

const { member, attempt, api } = document.querySelector("[data-attempt-over]").dataset;
const outbox = new Outbox(member, attempt);
const { waiting } = await outbox.open();
await outbox.forgetPaper();
const sender = new Sender(outbox, api, waiting);
await sender.pump();
if (sender.closed || !waiting.size) await outbox.wipe();
