import type { Page } from 'playwright-core'
import { password } from '#apps/realtime-edge/people.fixtures.ts'

/** Logs somebody in on the page, by the password that all who are registered by tests have. */
export const logIn = async (page: Page, handle: string): Promise<void> => {
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByLabel('Name').fill(handle)
  await page.locator('#enter').getByLabel('Password').fill(password)
  await page.locator('#enter-submit').click()
}
