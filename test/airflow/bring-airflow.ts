/** Before `npm run test:airflow`: brings Airflow, where it is not there yet. */
import type { TestProject } from 'vitest/node'
import { type Airflow, bringAirflow } from '../../servers/airflow.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    readonly airflow: Airflow
  }
}

export async function setup(project: TestProject): Promise<void> {
  project.provide('airflow', await bringAirflow())
}
