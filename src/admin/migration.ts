import { deskOf } from '../bindings.ts';
import { json, operation } from '../http/operation.ts';
import { NO_STORE } from '../http/problem.ts';
import { migrationSchema } from './response-schemas.ts';

export const showMigration = operation(
  {
    id: 'showMigration',
    tag: 'Operator',
    summary: 'Get the progress of the migration of bodies from an earlier release',
    description: 'While it is running, some bodies are in KV only: KV must not be emptied.',
    security: ['operator'],
    answers: {
      200: json(migrationSchema, 'The progress, and the articles whose body was found nowhere.'),
    },
  },
  async (c) => Response.json(await deskOf(c.env).bodyMigration(), { headers: NO_STORE }),
);
