import { readFileSync } from 'node:fs';
import type { Proof } from '@blindpost/zk/proof';
import { readVerificationKey, Verifier } from '@blindpost/zk/verifier';
import { defineJob } from '../../platform/compute/job.js';
