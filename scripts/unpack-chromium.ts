/**
 * Unpacks the browser of `@sparticuz/chromium` into the folder `TMPDIR`. A separate process, because the package is
 * configured only by environment variables.
 */
import chromium from '@sparticuz/chromium';

await chromium.executablePath();
