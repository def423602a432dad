-- The server's life: one that does not answer is named, one that crashes is started again.

local say = require('lsp_writer.notice').say

local M = {}

---How long it may take to answer the first request. The model is loaded after that.
M.SECONDS_TO_ANSWER = 20

local MOST_CRASHES, WITHIN_SECONDS = 3, 180

local crashes = {} ---@type integer[] when, in seconds

---Milliseconds after an exit, when Neovim has put its own house in order.
local AFTERWARDS = 500

---A server that never answers.
---@param dispatchers vim.lsp.rpc.Dispatchers
---@return vim.lsp.rpc.PublicClient
local function never_answers(dispatchers)
  local is_closing = false
  return {
    request = function()
      return true, 1
    end,
    notify = function()
      return true
    end,
    is_closing = function()
      return is_closing
    end,
    terminate = function()
      is_closing = true
      dispatchers.on_exit(0, 0)
    end,
  }
end

---Neovim 0.11 stops following a buffer that is changed while no client is attached to it, for good: the next server is
---told of no change. A client that is for ever about to start, and is listed nowhere, keeps it at it.
---@param buffers table<integer, true>
local function keep_followed(buffers)
  for buffer in pairs(buffers) do
    vim.lsp.start({ name = 'lsp_writer.keeper', cmd = never_answers }, { bufnr = buffer })
  end
end

---The first request is about to be sent.
function M.on_start()
  vim.defer_fn(function()
    local waiting = vim.iter(vim.lsp.get_clients({ name = 'lsp_writer', _uninitialized = true })):any(function(client)
      return not client.initialized and not client:is_stopped()
    end)
    if waiting then
      say('the server does not answer. `:LspWriter restart` tries again.')
    end
  end, M.SECONDS_TO_ANSWER * 1000)
end

---@return boolean whether it has crashed too often to be started again
local function is_given_up()
  local now = os.time()
  crashes = vim.tbl_filter(function(when)
    return now - when < WITHIN_SECONDS
  end, crashes)
  table.insert(crashes, now)
  return #crashes > MOST_CRASHES
end

---@param code integer
---@param signal integer
---@param client_id integer
function M.on_exit(code, signal, client_id)
  local client = vim.lsp.get_client_by_id(client_id)
  local had_begun = client ~= nil and client.initialized == true
  vim.schedule(function()
    if client and vim.v.exiting == vim.NIL then
      keep_followed(client.attached_buffers) -- Neovim detaches them next
    end
    require('lsp_writer').on_gone(client_id)
  end)
  local told_to = signal == 15 or (had_begun and code == 0 and signal == 0)
  if told_to then
    return
  end
  vim.defer_fn(function()
    if vim.v.exiting ~= vim.NIL or not vim.lsp.is_enabled('lsp_writer') then
      return
    end
    if not had_begun then
      say('the server ended at once. `:checkhealth lsp_writer` says why.')
    elseif is_given_up() then
      say('the server keeps crashing. `:LspWriter restart` tries again.')
    else
      vim.lsp.enable('lsp_writer')
    end
  end, AFTERWARDS)
end

---Stop the servers, those that do not answer as well, and start one.
function M.restart()
  crashes = {}
  local stopping = vim.lsp.get_clients({ name = 'lsp_writer', _uninitialized = true })
  vim.lsp.enable('lsp_writer', false)
  -- A client counts as stopped once it was told to stop: whether its process has gone, only the transport knows.
  local function gone()
    return vim.iter(stopping):all(function(client)
      return client.rpc.is_closing()
    end)
  end
  -- Enabling at once would attach the buffers to the server that is about to go.
  if not vim.wait(3000, gone) then
    for _, client in ipairs(stopping) do
      client.rpc.terminate() -- `client:stop(true)` does nothing for one that was told before
    end
    vim.wait(1000, gone)
  end
  vim.lsp.enable('lsp_writer')
end

return M
