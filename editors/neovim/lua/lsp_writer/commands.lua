local M = {}

---The command line as it was last entered. That of a selection begins with the selection's marks; a range of line
---numbers looks the same to the command, and has nothing to do with what was once selected there.
local entered = ''

local running = {} ---@type table<lsp.ProgressToken, string> rewrites under way: progress token to title

---@return vim.lsp.Client?
local function attached_client()
  local client = vim.lsp.get_clients({ name = 'lsp_writer', bufnr = 0 })[1]
  if not client then
    vim.notify('Writer is not attached to this buffer. `:checkhealth lsp_writer` says why.', vim.log.levels.WARN)
  end
  return client
end

---The client for a rewrite. One of a document without a name would be put into another buffer: Neovim makes one anew
---for the address that it has given to the server.
---@return vim.lsp.Client?
local function client_for_rewrite()
  local client = attached_client()
  if client and vim.api.nvim_buf_get_name(0) == '' then
    vim.notify('Writer: save the document first: `:write name.md` and `:edit`.', vim.log.levels.WARN)
    return nil
  end
  return client
end

---@param line integer 0-based
---@param column integer in bytes; past the end means the end
---@param encoding string
---@return lsp.Position
local function position(line, column, encoding)
  local text = vim.api.nvim_buf_get_lines(0, line, line + 1, true)[1]
  return { line = line, character = vim.str_utfindex(text, encoding, math.min(column, #text), false) }
end

---@return boolean whether the command was given for the characters between the marks of the last selection
local function is_of_selection()
  return vim.fn.visualmode() == 'v' and vim.startswith(vim.trim(entered), "'<,'>")
end

---The passage that a command was given: the selection, whole lines, or the caret, which stands for its paragraph.
---@param options vim.api.keyset.create_user_command.command_args
---@param encoding string
---@return lsp.Range
local function passage(options, encoding)
  local caret = vim.api.nvim_win_get_cursor(0)
  local first, last = { caret[1], caret[2] }, { caret[1], caret[2] }
  if options.range > 0 then
    first, last = { options.line1, 0 }, { options.line2, math.huge }
    if is_of_selection() then
      local mark, end_mark = vim.api.nvim_buf_get_mark(0, '<'), vim.api.nvim_buf_get_mark(0, '>')
      -- The mark is on the last selected character; a range ends after it.
      local text = vim.api.nvim_buf_get_lines(0, end_mark[1] - 1, end_mark[1], true)[1]
      local width = end_mark[2] < #text and vim.str_utf_end(text, end_mark[2] + 1) + 1 or 0
      first, last = mark, { end_mark[1], end_mark[2] + width }
    end
  end
  return { start = position(first[1] - 1, first[2], encoding), ['end'] = position(last[1] - 1, last[2], encoding) }
end

---@alias lsp_writer.Offer { id: string, title: string, asks: string, needsLargerModel: boolean }

---What the server answers to a command that is answered at once; nothing if it does not.
---@param client vim.lsp.Client?
---@param command string
---@return table
local function answer(client, command)
  local response = client and client:request_sync('workspace/executeCommand', { command = command }, 2000, 0)
  local result = response and response.result
  return type(result) == 'table' and result or {}
end

---@return lsp_writer.Offer[]
local function catalogue()
  return answer(vim.lsp.get_clients({ name = 'lsp_writer', bufnr = 0 })[1], 'lspWriter.revisions')
end

---@param client vim.lsp.Client
---@param command string
---@param arguments table
local function order(client, command, arguments)
  client:exec_cmd({ title = command, command = command, arguments = { arguments } }, { bufnr = 0 })
end

---The rewrite that the writer named, with what they answered to its question, or chooses from the catalogue.
---@param named string?
---@param answered string
---@param use fun(id: string, answered: string)
local function with_rewrite(named, answered, use)
  local offers = catalogue()
  if #offers == 0 then
    require('lsp_writer.notice').say('the server does not answer. `:LspWriter restart` tries again.')
    return
  end
  local function ask(offer)
    if offer and offer.asks ~= '' and answered == '' then
      vim.ui.input({ prompt = offer.asks .. ' ' }, function(typed)
        if typed then
          use(offer.id, typed)
        end
      end)
    elseif offer then
      use(offer.id, answered)
    end
  end
  if not named then
    local format = function(offer)
      return offer.title .. (offer.needsLargerModel and ' (needs a larger model)' or '')
    end
    vim.ui.select(offers, { prompt = 'Rewrite how?', format_item = format }, ask)
    return
  end
  local known = vim.iter(offers):find(function(offer)
    return offer.id == named
  end)
  -- A name that is not in the catalogue is the server's to complain about.
  ask(known or { id = named, asks = '' })
end

-- `lspWriter.ghostText.mode`.
local MODES = { 'automatic', 'onDemand', 'off' }

local subcommands = {}

function subcommands.rewrite(options)
  local client = client_for_rewrite()
  if not client then
    return
  end
  local place = { uri = vim.uri_from_bufnr(0), range = passage(options, client.offset_encoding) }
  local answered = table.concat(options.fargs, ' ', 3)
  with_rewrite(options.fargs[2], answered, function(id, typed)
    order(client, 'lspWriter.revise', vim.tbl_extend('error', place, { revision = id, answer = typed }))
  end)
end

function subcommands.ask(options)
  local client = client_for_rewrite()
  if not client then
    return
  end
  local place = { uri = vim.uri_from_bufnr(0), range = passage(options, client.offset_encoding) }
  local function ask(instruction)
    if instruction and instruction ~= '' then
      order(client, 'lspWriter.ask', vim.tbl_extend('error', place, { instruction = instruction }))
    end
  end
  if options.fargs[2] then
    ask(table.concat(options.fargs, ' ', 2))
  else
    vim.ui.input({ prompt = 'What should the passage become? ' }, ask)
  end
end

function subcommands.cancel()
  local client = attached_client()
  for token in pairs(client and running or {}) do
    client:notify('window/workDoneProgress/cancel', { token = token })
  end
end

---@param command string
local function tell(command)
  local client = attached_client()
  if client then
    client:exec_cmd({ title = command, command = command }, { bufnr = 0 })
  end
end

function subcommands.report(options)
  local client = attached_client()
  if client then
    local of = options.fargs[2] == 'folder' and 'folder' or 'document'
    order(client, 'lspWriter.report', { uri = vim.uri_from_bufnr(0), of = of })
  end
end

---What can be done with a rewrite that waits, from its preview or from the manuscript.
for subcommand, act in pairs({ accept = 'accept', retry = 'retry', discard = 'leave', ['continue'] = 'go_on' }) do
  subcommands[subcommand] = function()
    local preview = require('lsp_writer.preview').meant()
    if preview then
      preview[act](preview)
    else
      vim.notify('Writer: no rewrite of this document waits for you.')
    end
  end
end

function subcommands.mode(options)
  local client, mode = attached_client(), options.fargs[2]
  if not client then
    return
  end
  if not vim.list_contains(MODES, mode) then
    vim.notify('LspWriter mode takes one of: ' .. table.concat(MODES, ', '), vim.log.levels.WARN)
    return
  end
  client.settings = vim.tbl_deep_extend('force', client.settings, { lspWriter = { ghostText = { mode = mode } } })
  client:notify('workspace/didChangeConfiguration', { settings = client.settings })
end

function subcommands.status()
  if attached_client() then
    vim.notify('Writer is ' .. require('lsp_writer').status())
  end
end

function subcommands.doctor()
  vim.cmd.checkhealth('lsp_writer')
end

function subcommands.log()
  vim.cmd.edit({ vim.lsp.log.get_filename(), magic = { file = false } })
end

function subcommands.pause()
  require('lsp_writer').dismiss()
  tell('lspWriter.pause')
end

function subcommands.resume()
  tell('lspWriter.resume')
end

function subcommands.restart()
  require('lsp_writer.life').restart()
end

---@param options vim.api.keyset.create_user_command.command_args
---@param line string the command line as it was last entered
function M.run(options, line)
  entered = line
  local subcommand = subcommands[options.fargs[1]]
  if subcommand then
    subcommand(options)
  else
    vim.notify('LspWriter knows: ' .. table.concat(M.complete('LspWriter '), ', '), vim.log.levels.WARN)
  end
end

---What may follow a subcommand.
---@param subcommand string
---@return string[]
local function arguments_of(subcommand)
  if subcommand == 'rewrite' then
    return vim.tbl_map(function(offer)
      return offer.id
    end, catalogue())
  elseif subcommand == 'report' then
    return { 'document', 'folder' }
  elseif subcommand == 'mode' then
    return MODES
  elseif subcommand == 'ask' then
    return answer(vim.lsp.get_clients({ name = 'lsp_writer', bufnr = 0 })[1], 'lspWriter.instructions')
  end
  return {}
end

---@param line string the command line up to the cursor
---@return string[]
function M.complete(line)
  local words = vim.split(line:gsub('^.*LspWriter', ''), '%s+')
  local choices = #words == 2 and vim.tbl_keys(subcommands) or #words == 3 and arguments_of(words[2]) or {}
  return vim.tbl_filter(function(choice)
    return vim.startswith(choice, words[#words])
  end, choices)
end

---Rewrites take seconds: say on the command line how far they are.
---@param params { token: lsp.ProgressToken, value: lsp.WorkDoneProgressBegin | lsp.WorkDoneProgressReport }
function M.on_progress(params)
  local value = params.value
  if value.kind == 'begin' and value.cancellable then
    running[params.token] = value.title
  end
  local title = running[params.token]
  if not title then
    return
  end
  if value.kind == 'end' then
    running[params.token] = nil
  end
  local text = value.kind == 'end' and '' or title .. ': ' .. (value.message or '…')
  -- What takes more than the line, by its columns and not its letters, stops the writer with a prompt to press Enter.
  local fitting = vim.fn.printf(('%%.%dS'):format(vim.v.echospace), (text:gsub('%s+', ' ')))
  vim.api.nvim_echo({ { fitting } }, false, {})
end

return M
