import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { controlMessageSchema } from '../../core/ingest/controlMessage.ts';
import { datasetText, declarationSchema } from '../../core/ingest/declaration.ts';
import { HttpError } from './httpError.ts';
import type { RelayParts, Routes } from './parts.ts';
import { errorSchema, keptSchema, progressSchema, receivedSchema } from './schemas.ts';

const params = z.object({ name: datasetText });

/** Messages of producers, declarations, and how datasets fare. */
export function datasetRoutes({ intake }: Pick<RelayParts, 'intake'>): Routes {
  return async (server) => {
    const app = server.withTypeProvider<ZodTypeProvider>();

    app.post(
      '/v1/messages',
      {
        config: { access: 'produce' },
        schema: {
          tags: ['producers'],
          summary: 'States what a job staged',
          description: 'After its object is stored. It may come late, twice, or out of order.',
          body: controlMessageSchema,
          response: { 200: receivedSchema, 201: receivedSchema, '4xx': errorSchema },
        },
      },
      async (request, reply) => {
        const kept = await intake.message(request.body);
        return reply.code(kept.again ? 200 : 201).send(kept);
      },
    );

    app.put(
      '/v1/datasets/:name/declaration',
      {
        config: { access: 'produce' },
        schema: {
          tags: ['producers'],
          summary: 'Declares which files a dataset has, with how many events',
          params,
          body: declarationSchema,
          response: { 200: keptSchema, 201: keptSchema, '4xx': errorSchema },
        },
      },
      async (request, reply) => {
        const { name } = request.params;
        const declaration = request.body;
        if (declaration.dataset !== name)
          throw new HttpError(400, `the declaration is of ${declaration.dataset}, the address of ${name}`, {
            where: 'dataset',
          });
        const { again } = await intake.declare(declaration);
        return reply.code(again ? 200 : 201).send({ again });
      },
    );

    app.get(
      '/v1/datasets',
      {
        config: { access: 'read' },
        schema: {
          tags: ['datasets'],
          summary: 'All datasets',
          response: { 200: z.object({ datasets: z.array(progressSchema) }) },
        },
      },
      async () => ({ datasets: await intake.datasets() }),
    );

    app.get(
      '/v1/datasets/:name',
      {
        config: { access: 'read' },
        schema: {
          tags: ['datasets'],
          summary: 'One dataset',
          params,
          response: { 200: progressSchema, '4xx': errorSchema },
        },
      },
      async (request) => {
        const { name } = request.params;
        return (await intake.dataset(name)) ?? unknownDataset(name);
      },
    );

    app.post(
      '/v1/datasets/:name/retry',
      {
        config: { access: 'consume' },
        schema: {
          tags: ['datasets'],
          summary: 'Has a dataset that failed, or is published, validated anew',
          params,
          response: { 202: progressSchema, '4xx': errorSchema },
        },
      },
      async (request, reply) => {
        const { name } = request.params;
        if (!(await intake.retry(name))) return unknownDataset(name);
        return reply.code(202).send((await intake.dataset(name)) ?? unknownDataset(name));
      },
    );
  };
}

function unknownDataset(name: string): never {
  throw new HttpError(404, `no dataset ${name} is known here`, { hint: 'GET /v1/datasets lists them' });
}
