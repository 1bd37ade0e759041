import type { Attack } from './attack.ts';

const link = (name: string, href: string): Attack => ({ name, html: `<a href="${href}">go</a>` });

/** Schemes besides `javascript:` that run, read or open what they should not; and hosts that seem to be others. */
export const otherUrls: readonly Attack[] = [
  link('data as HTML', 'data:text/html,<script>alert(1)</script>'),
  link('data in base 64', 'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='),
  link('data with white space inside the scheme', 'da\nta:text/html,<script>alert(1)</script>'),
  link('data by entities', '&#100;&#97;ta&colon;text/html,alert(1)'),
  link('data in capitals', 'DATA:text/html;charset=utf-7,+ADw-script+AD4-alert(1)'),
  link('data without a type', 'data:,alert(1)'),
  link('vbscript', 'vbscript:msgbox("alert(1)")'),
  link('vbscript with a tab', 'vb&Tab;script:alert(1)'),
  link('livescript', 'livescript:alert(1)'),
  link('mocha', 'mocha:alert(1)'),
  link('jar', 'jar:https://evil.example/a.jar!/alert(1).html'),
  link('blob', 'blob:https://evil.example/alert(1)'),
  link('filesystem', 'filesystem:https://evil.example/temporary/alert(1).html'),
  link('file', 'file:///etc/passwd?alert(1)'),
  link('view-source', 'view-source:javascript:alert(1)'),
  link('about', 'about:blank?alert(1)'),
  link('an application’s own scheme', 'intent://evil.example/#Intent;S.x=alert(1);end'),
  link('web socket', 'ws://evil.example/alert(1)'),
  link('protocol-relative', '//evil.example/alert(1)'),
  link('protocol-relative by backslashes', '\\\\evil.example\\alert(1)'),
  link('protocol-relative with a tab between', '/\t/evil.example/alert(1)'),
  link('too many slashes', 'https:///////evil.example/alert(1)'),
  link('no slashes at all', 'https:evil.example/alert(1)'),
  link('a name that looks like a host', 'https://publisher.example@evil.example/alert(1)'),
  link('a name and a password', 'https://admin:alert(1)@evil.example/'),
  link('a host behind a full-width stop', 'https://publisher.example\uFF0Eevil.example/alert(1)'),
  {
    name: 'data as a picture with a script',
    html: '<img src="data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22 onload=%22alert(1)%22/>">',
  },
  { name: 'data as a frame', html: '<iframe src="data:text/html,<script>alert(1)</script>"></iframe>' },
  {
    name: 'data as an object',
    html: '<object data="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="></object>',
  },
  { name: 'data as a script', html: '<script src="data:text/javascript,alert(1)"></script>' },
  { name: 'vbscript as a picture', html: "<img src='vbscript:alert(1)'>" },
];
