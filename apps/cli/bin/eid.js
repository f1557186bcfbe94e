#!/usr/bin/env node
// Tracked in git so that `npm ci` can link it before anything is built.
import '../dist/eid.js';
