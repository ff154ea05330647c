/** Shows /openapi.json, and lets one call each operation from the page. Plain DOM: every text goes in as text. */

const create = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties)
  element.append(...children)
  return element
}

let accessToken

const call = async (method, path, headers, body) => {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: {
      ...headers,
      ...(accessToken && { authorization: `Bearer ${accessToken}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body }),
  })
  return { response, text: await response.text() }
}

const pretty = (text) => {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text
  }
}

/** The schema that a reference names, as far as this document goes. */
const resolve = (document_, schema) => {
  const name = schema?.$ref?.split('/').at(-1)
  return name ? document_.components.schemas[name] : schema
}

/** A value that has the form of the schema, to begin with. */
const example = (document_, given) => {
  const schema = resolve(document_, given) ?? {}
  if (schema.examples) return schema.examples[0]
  if (schema.default !== undefined) return schema.default
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return example(document_, schema.anyOf[0])
  switch (schema.type) {
    case 'object': {
      const required = Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name))
      const shown = required.length > 0 ? required : Object.entries(schema.properties ?? {})
      return Object.fromEntries(shown.map(([name, member]) => [name, example(document_, member)]))
    }
    case 'array':
      return [example(document_, schema.items)]
    case 'integer':
    case 'number':
      return schema.minimum ?? 1
    case 'boolean':
      return false
    default:
      return ''
  }
}

const responsesTable = (document_, responses) =>
  create(
    'table',
    {},
    ...Object.entries(responses).map(([status, { $ref, description }]) => {
      const text = $ref ? document_.components.responses[$ref.split('/').at(-1)].description : description
      return create(
        'tr',
        {},
        create('td', {}, create('code', { textContent: status })),
        create('td', { textContent: text.replaceAll('`', '') }),
      )
    }),
  )

const form = (document_, method, path, operation) => {
  const parameters = operation.parameters ?? []
  const schema = operation.requestBody?.content['application/json'].schema
  const fields = parameters.map((parameter) =>
    create(
      'label',
      { title: parameter.description ?? '', textContent: `${parameter.name} (${parameter.in})` },
      create('input', { name: parameter.name, required: parameter.required }),
    ),
  )
  const body =
    schema &&
    create('textarea', { name: 'body', rows: 5, value: JSON.stringify(example(document_, schema), undefined, 2) })
  const answer = create('pre', { hidden: true })
  const element = create(
    'form',
    {},
    ...fields,
    ...(body ? [create('label', { textContent: 'body' }, body)] : []),
    create('button', { textContent: 'Send' }),
  )
  element.addEventListener('submit', async (event) => {
    event.preventDefault()
    const textOf = (parameter) => element.elements[parameter.name].value
    const given = parameters.filter((parameter) => textOf(parameter) !== '')
    const inPlace = (place) => given.filter((parameter) => parameter.in === place)
    const target = inPlace('path').reduce(
      (text, parameter) => text.replace(`{${parameter.name}}`, encodeURIComponent(textOf(parameter))),
      path,
    )
    const query = new URLSearchParams(inPlace('query').map((parameter) => [parameter.name, textOf(parameter)]))
    const headers = Object.fromEntries(inPlace('header').map((parameter) => [parameter.name, textOf(parameter)]))
    answer.hidden = false
    answer.textContent = '…'
    try {
      const { response, text } = await call(
        method.toUpperCase(),
        query.size > 0 ? `${target}?${query}` : target,
        headers,
        body?.value,
      )
      const shown = ['position', 'etag', 'location', 'retry-after']
        .filter((name) => response.headers.has(name))
        .map((name) => `${name}: ${response.headers.get(name)}`)
      answer.textContent = [`${response.status} ${response.statusText}`, ...shown, '', pretty(text)].join('\n')
    } catch (error) {
      answer.textContent = String(error)
    }
  })
  return create('div', {}, element, answer)
}

const operationElement = (document_, method, path, operation) => {
  const summary = create(
    'summary',
    {},
    create('span', { className: 'method', textContent: method.toUpperCase() }),
    create('code', { textContent: path }),
    ` ${operation.summary}`,
  )
  const details = create('details', { id: operation.operationId }, summary)
  // Made when it is first looked at: the page shows at once however many operations there are.
  details.addEventListener(
    'toggle',
    () =>
      details.append(
        create('p', { textContent: operation.description ?? '' }),
        form(document_, method, path, operation),
        responsesTable(document_, operation.responses),
      ),
    { once: true },
  )
  return details
}

const show = (document_) => {
  document.getElementById('about').textContent = document_.info.description.replaceAll('`', '')
  const byTag = Map.groupBy(
    Object.entries(document_.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    ),
    ({ operation }) => operation.tags[0],
  )
  for (const [tag, operations] of byTag) {
    document
      .getElementById('operations')
      .append(
        create('h2', { textContent: tag }),
        ...operations.map(({ path, method, operation }) => operationElement(document_, method, path, operation)),
      )
  }
}

document.getElementById('login').addEventListener('submit', async (event) => {
  event.preventDefault()
  const { handle, password } = Object.fromEntries(new FormData(event.target))
  const { response, text } = await call('POST', '/v1/sessions', {}, JSON.stringify({ handle, password }))
  const answer = JSON.parse(text)
  accessToken = response.ok ? answer.accessToken : undefined
  document.getElementById('who').textContent = response.ok
    ? `Logged in as ${answer.account.name}, for 15 minutes.`
    : `${answer.title}. ${answer.remedy}`
})

show(await (await fetch('/openapi.json')).json())
