local M = {}

local REVISIONS = { 'noir', 'expand', 'condense', 'show' }

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

---@param line integer 0-based
---@param column integer in bytes; past the end means the end
---@param encoding string
---@return lsp.Position
local function position(line, column, encoding)
  local text = vim.api.nvim_buf_get_lines(0, line, line + 1, true)[1]
  return { line = line, character = vim.str_utfindex(text, encoding, math.min(column, #text), false) }
end

---@param line string
function M.on_entered(line)
  entered = line
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

local subcommands = {}

function subcommands.rewrite(options)
  local client, revision = attached_client(), options.fargs[2]
  if not client then
    return
  end
  if not vim.list_contains(REVISIONS, revision) then
    vim.notify('Rewrite how? One of: ' .. table.concat(REVISIONS, ', '), vim.log.levels.WARN)
    return
  end
  client:exec_cmd({
    title = 'Rewrite: ' .. revision,
    command = 'lspWriter.revise',
    arguments = {
      { uri = vim.uri_from_bufnr(0), range = passage(options, client.offset_encoding), revision = revision },
    },
  }, { bufnr = 0 })
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

function subcommands.pause()
  require('lsp_writer').dismiss()
  tell('lspWriter.pause')
end

function subcommands.resume()
  tell('lspWriter.resume')
end

function subcommands.restart()
  local stopping = vim.lsp.get_clients({ name = 'lsp_writer' })
  vim.lsp.enable('lsp_writer', false)
  -- Enabling at once would attach the buffers to the server that is about to go.
  vim.wait(3000, function()
    return vim.iter(stopping):all(function(client)
      return client:is_stopped()
    end)
  end)
  vim.lsp.enable('lsp_writer')
end

---@param options vim.api.keyset.create_user_command.command_args
function M.run(options)
  local subcommand = subcommands[options.fargs[1]]
  if subcommand then
    subcommand(options)
  else
    vim.notify('LspWriter knows: ' .. table.concat(M.complete('LspWriter '), ', '), vim.log.levels.WARN)
  end
end

---@param line string the command line up to the cursor
---@return string[]
function M.complete(line)
  local words = vim.split(line:gsub('^.*LspWriter', ''), '%s+')
  local choices = words[2] == 'rewrite' and #words == 3 and REVISIONS or #words == 2 and vim.tbl_keys(subcommands) or {}
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
  -- A longer message would stop the writer with a prompt to press Enter.
  local text = value.kind == 'end' and '' or title .. ': ' .. (value.message or '…')
  vim.api.nvim_echo({ { vim.fn.strcharpart(text, 0, vim.v.echospace) } }, false, {})
end

return M
