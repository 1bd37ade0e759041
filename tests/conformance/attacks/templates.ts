import type { Attack } from './attack.ts';

/** Inert content that becomes live: templates, shadow trees, slots; and the languages of client-side templates. */
export const templates: readonly Attack[] = [
  { name: 'a template', html: '<template><script>alert(1)</script></template>' },
  { name: 'a template never closed', html: '<template><img src=x onerror=alert(1)>' },
  {
    name: 'a shadow tree',
    html: '<div><template shadowrootmode=open><img src=x onerror=alert(1)><slot></slot></template>word</div>',
  },
  { name: 'a template in a table', html: '<table><template><tr><td onclick=alert(1)>a</template></table>' },
  { name: 'a template in a select', html: '<select><template><script>alert(1)</script></template></select>' },
  { name: 'a slot with a handler', html: '<slot onslotchange=alert(1)>word</slot>' },
  {
    name: 'a made-up element',
    html: '<x-card onclick=alert(1) data-html="<script>alert(1)</script>">word</x-card>',
  },
  { name: 'a built-in made custom', html: '<p is=x-run onclick=alert(1)>word</p>' },
  {
    name: 'AMP’s mustaches',
    html: '<template type="amp-mustache"><a href="{{javascript}}:alert(1)">{{{html}}}</a></template>',
  },
  { name: 'double braces', html: '<p>{{constructor.constructor("alert(1)")()}}</p>' },
  {
    name: 'a framework’s attributes',
    html: '<div ng-app ng-init="constructor.constructor(\'alert(1)\')()" v-html="alert(1)" x-init="alert(1)">word</div>',
  },
  {
    name: 'a framework’s short forms',
    html: '<p @click="alert(1)" :onclick="alert(1)" (click)="alert(1)" [innerHTML]="alert(1)">word</p>',
  },
  {
    name: 'a page’s phrases, filled',
    html: "<p>{publisher} {minutes} {provider} $& $1 $` $' %s $\u007Balert(1)} #{alert(1)}</p>",
  },
  { name: 'server-side includes', html: '<!--#exec cmd="alert(1)"--><% alert(1) %><?php alert(1) ?>' },
];
