/**
 * Unpacks the browser of `@sparticuz/chromium` into the folder that `TMPDIR` names. A process of its own: the package
 * knows where to and what for by the environment alone.
 */
import chromium from '@sparticuz/chromium';

await chromium.executablePath();
