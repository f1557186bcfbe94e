import type { PlatformSettings } from './platform.js';

/** `HTTPS_ENABLED` and its names are other words for the one listener's port and TLS files. */
export function withHttps(settings: PlatformSettings): PlatformSettings {
  if (!settings.HTTPS_ENABLED) return settings;
  const { HTTPS_PORT: PORT, HTTPS_CERT: TLS_CERT, HTTPS_KEY: TLS_KEY } = settings;
  return { ...settings, PORT, TLS_CERT, TLS_KEY };
}

/** What `HTTPS_ENABLED` lacks, or contradicts. */
export function httpsFaults(settings: PlatformSettings): string[] {
  if (!settings.HTTPS_ENABLED) return [];
  const faults: string[] = [];
  if (settings.HTTPS_CERT === undefined || settings.HTTPS_KEY === undefined) {
    faults.push('HTTPS_CERT and HTTPS_KEY are required with HTTPS_ENABLED');
  }
  if (settings.TLS_CERT !== undefined || settings.TLS_KEY !== undefined) {
    faults.push(
      'TLS_CERT and TLS_KEY say the same as HTTPS_ENABLED with HTTPS_CERT and HTTPS_KEY: set one of them',
    );
  }
  return faults;
}
