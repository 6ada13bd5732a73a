// Every page: how it looks, and the small behaviours that attributes in the markup ask for.
import '@tabler/core/dist/css/tabler.min.css';
import 'tom-select/dist/css/tom-select.bootstrap5.min.css';
import './styles/index.css';

import 'bootstrap/js/dist/alert';
import 'bootstrap/js/dist/collapse';
import 'bootstrap/js/dist/dropdown';
import 'bootstrap/js/dist/offcanvas';
import 'bootstrap/js/dist/tab';

import { startConfirming } from './confirm';
import { startCopying } from './copy';
import { startDrafts } from './drafts';
import { startExchange } from './exchange';
import { enhance } from './enhance';
import { startMenu } from './menu';
import { startSendingOnce } from './once';
import { startToasts } from './toasts';

startExchange();
startConfirming();
startCopying();
startSendingOnce();
startToasts();
startMenu();
startDrafts();
enhance(document);
document.addEventListener('htmx:load', (event) => enhance(event.target));
