local M = {}

---`message` is about the state, `reason` says why the last request was answered with nothing.
---@alias lsp_writer.Status { state: string, message: string, reason: string }

local last_status ---@type lsp_writer.Status?

local attached = {} ---@type table<integer, lsp_writer.GhostText> by buffer

local options ---@type lsp_writer.Options?

local problems = {} ---@type lsp_writer.Problem[] of the options that were given

local taken = {} ---@type table<string, string> keys left to whoever has mapped them, by what they would do

-- Keys that the writer has named themselves.
local named = {} ---@type table<string, boolean>

---What each key does; every one is also a mapping of its own, `<Plug>(lsp-writer-accept)` and so on.
M.ACTS = {
  accept = 'Accept the suggestion',
  accept_word = 'Accept a word of the suggestion',
  accept_sentence = 'Accept a sentence of the suggestion',
  next = 'Show the next suggestion',
  previous = 'Show the suggestion before',
  dismiss = 'Dismiss the suggestion',
  ask = 'Ask for suggestions',
}

---@return lsp_writer.Options
function M.options()
  options = options or (require('lsp_writer.options').read({}))
  return options
end

---Name the options that are wrong. More than a line of it would stop the writer with a prompt to press Enter.
local function tell_problems()
  if #problems == 0 then
    return
  end
  local text = ('Writer: %s'):format(problems[1].text)
  if #problems > 1 or vim.fn.strdisplaywidth(text) > vim.v.echospace then
    local names = vim.iter(problems):map(function(problem)
      return problem.option
    end)
    text = ('Writer: wrong options: %s. See `:checkhealth lsp_writer`.'):format(names:join(', '))
  end
  vim.notify(text, vim.log.levels.WARN)
end

---Start the server for prose, with options of your own. What is wrong with them is said, and the rest used.
---@param given? table
function M.setup(given)
  vim.cmd.runtime('plugin/lsp_writer.lua') -- plugin managers that load late, or a part of a clone, pass it over
  options, problems = require('lsp_writer.options').read(given or {})
  named = type(given) == 'table' and type(given.keys) == 'table' and given.keys or {}
  tell_problems()
  vim.lsp.config('lsp_writer', {
    cmd = options.cmd,
    filetypes = options.filetypes,
    init_options = { lspWriter = options.settings },
    -- An empty table would be sent as a list.
    settings = next(options.settings) and { lspWriter = options.settings } or nil,
  })
  vim.lsp.enable('lsp_writer')
end

---Do what one of the keys does.
---@param name string
---@return boolean whether there was something to do
function M.act(name)
  local ghost_text = attached[vim.api.nvim_get_current_buf()]
  return ghost_text ~= nil and ghost_text[name](ghost_text)
end

---@return lsp_writer.Problem[]
function M.problems()
  return problems
end

---@return table<string, string>
function M.taken_keys()
  return taken
end

---Whether somebody else has mapped `key`. Neovim's own mappings, as that of <Tab>, do not count: they go on working.
---@param key string
---@return boolean
local function is_taken(key)
  local mapping = vim.fn.maparg(key, 'i', false, true)
  return not vim.tbl_isempty(mapping) and not vim.startswith(mapping.desc or '', 'vim.')
end

---@param ghost_text lsp_writer.GhostText
local function map_keys(ghost_text)
  taken = {}
  for act, description in pairs(M.ACTS) do
    local key = M.options().keys[act]
    if
      key
      and not named[act]
      and vim.api.nvim_buf_call(ghost_text.buffer, function()
        return is_taken(key)
      end)
    then
      taken[act] = key
    elseif key then
      require('lsp_writer.keys').map(ghost_text.client, ghost_text.buffer, key, description, function()
        return ghost_text[act](ghost_text)
      end)
    end
  end
end

---Called for every buffer that the server attaches to.
---@param client vim.lsp.Client
---@param buffer integer
function M.attach(client, buffer)
  require('lsp_writer.highlights').define()
  attached[buffer] = require('lsp_writer.ghost_text').attach(client, buffer)
  map_keys(attached[buffer])
  vim.api.nvim_create_autocmd('LspDetach', {
    buffer = buffer,
    callback = function(event)
      if event.data.client_id == client.id then
        attached[buffer] = nil
        return true -- removes this autocommand
      end
    end,
  })
end

---@param status lsp_writer.Status
function M.on_status(status)
  last_status = status
  vim.cmd.redrawstatus({ bang = true })
end

---A server has ended: what it said of itself is over, and nothing that it made can be accepted any more.
---@param client_id integer
function M.on_gone(client_id)
  last_status = nil
  require('lsp_writer.preview').forget(client_id)
  vim.cmd.redrawstatus({ bang = true })
end

---@param grown { uri: string, version: integer }
function M.on_grown(grown)
  local ghost_text = attached[vim.api.nvim_get_current_buf()]
  if ghost_text and vim.uri_from_bufnr(0) == grown.uri then
    ghost_text:refresh(grown.version)
  end
end

---Take away what is shown.
function M.dismiss()
  local ghost_text = attached[vim.api.nvim_get_current_buf()]
  if ghost_text then
    ghost_text:dismiss()
  end
end

---What the server last said of itself, for a status line: `%{v:lua.require'lsp_writer'.status()}`.
---@return string
function M.status()
  if not last_status then
    return ''
  end
  local told = last_status.reason ~= '' and last_status.reason or last_status.message
  return told == '' and last_status.state or ('%s: %s'):format(last_status.state, told)
end

return M
