-- Rewrites, each in a window of its own beside the manuscript: the text as it comes, then what it would change, word by
-- word. The writer takes all of it, some of its changes, or none.

local M = {}

local NAMESPACE = vim.api.nvim_create_namespace('lsp_writer.preview')

-- What can be done with a rewrite under way, with one whose changes are told apart, and with one whose passage is no
-- longer what was read; the most useful first, for a narrow window cuts the end off.
local KEYS = {
  running = 'q stop',
  whole = '<CR> accept  q discard  r again  x leave out',
  changed = 'passage changed: <CR> put it in all the same  q discard  r again',
}
local OVER = { applied = true, discarded = true, failed = true }

---@alias lsp_writer.Word [ 'keep'|'cut'|'add', string ]
---@alias lsp_writer.Hunk { range: lsp.Range, newText: string, words: lsp_writer.Word[] }
---@alias lsp_writer.Alternative { text: string, hunks: lsp_writer.Hunk[] }

---`lspWriter/revision` (docs/protocol.md).
---@class lsp_writer.Revision
---@field id string
---@field uri string
---@field version integer
---@field range? lsp.Range
---@field title string
---@field state string
---@field original string
---@field text string
---@field note string
---@field message string
---@field alternatives lsp_writer.Alternative[]

---@class lsp_writer.Preview
---@field client vim.lsp.Client
---@field revision lsp_writer.Revision as it was last told
---@field state string that was last shown
---@field buffer integer
---@field alternative integer 1-based
---@field left_out table<integer, boolean> hunks of the alternative that the writer does not want, 1-based
---@field places table<integer, [integer, integer]> where each hunk begins in the preview, (1,0)-indexed
local Preview = {}
Preview.__index = Preview

-- The document whose rewrite the writer tries again, and whose new preview they want to be in.
local tried_again ---@type string?

local previews = {} ---@type table<string, lsp_writer.Preview> by the proposal's id

---Text that grows at its end, with the stretches of it that are highlighted.
---@class lsp_writer.Canvas
---@field lines string[]
---@field marks { [1]: integer, [2]: integer, [3]: integer, [4]: integer, [5]: string }[]
local Canvas = {}
Canvas.__index = Canvas

---@param text string
---@param group? string
function Canvas:add(text, group)
  local row, column = self:place()
  for number, line in ipairs(vim.split((text:gsub('\r', '')), '\n', { plain = true })) do
    if number == 1 then
      self.lines[#self.lines] = self.lines[#self.lines] .. line
    else
      table.insert(self.lines, line)
    end
  end
  if group and text ~= '' then
    local last_row, last_column = self:place()
    table.insert(self.marks, { row, column, last_row, last_column, group })
  end
end

---@return integer row, integer column where it ends, (0,0)-indexed, in bytes
function Canvas:place()
  return #self.lines - 1, #self.lines[#self.lines]
end

---The text of the passage between two places.
---@param from lsp.Position
---@param to lsp.Position
---@return string
function Preview:between(from, to)
  local revision = self.revision
  local lines = vim.split(revision.original, '\n', { plain = true })
  local function offset(position)
    local line = position.line - revision.range.start.line + 1
    local character = position.character - (line == 1 and revision.range.start.character or 0)
    local before = line > 1 and #table.concat(lines, '\n', 1, line - 1) + 1 or 0
    return before + vim.str_byteindex(lines[line] or '', self.client.offset_encoding, character, false)
  end
  return revision.original:sub(offset(from) + 1, offset(to))
end

---@return lsp_writer.Alternative?
function Preview:chosen()
  return (self.revision.alternatives or {})[self.alternative]
end

---Whether the alternative can be taken in parts: its passage is as it was read.
---@return boolean
function Preview:compares()
  local chosen = self:chosen()
  return self.revision.range ~= nil and chosen ~= nil and #chosen.hunks > 0
end

---Whether the passage is no longer what was read: the server tells no changes of such a one.
---@return boolean
function Preview:is_changed()
  local chosen = self:chosen()
  return chosen ~= nil and not self:compares() and chosen.text ~= self.revision.original
end

---@return string
function Preview:keys()
  if self.revision.state == 'running' or self.revision.state == 'applying' then
    return KEYS[self.revision.state] or ''
  end
  local keys = self:is_changed() and KEYS.changed or KEYS.whole
  return self.revision.state == 'stopped' and keys .. '  c go on' or keys
end

---@return lsp_writer.Canvas
function Preview:drawn()
  local canvas = setmetatable({ lines = { '' }, marks = {} }, Canvas)
  local chosen = self:chosen()
  self.places = {}
  if not chosen or not self:compares() then
    canvas:add(chosen and chosen.text or self.revision.text)
    return canvas
  end
  local from = self.revision.range.start
  for number, hunk in ipairs(chosen.hunks) do
    canvas:add(self:between(from, hunk.range.start))
    local row, column = canvas:place()
    self.places[number] = { row + 1, column }
    for _, word in ipairs(hunk.words) do
      local kind, text = unpack(word)
      if self.left_out[number] then
        if kind ~= 'add' then
          canvas:add(text, 'LspWriterLeftOut')
        end
      else
        canvas:add(text, ({ cut = 'LspWriterCut', add = 'LspWriterAdded' })[kind])
      end
    end
    from = hunk.range['end']
  end
  canvas:add(self:between(from, self.revision.range['end']))
  return canvas
end

---@return string
function Preview:heading()
  local revision = self.revision
  local count = #(revision.alternatives or {})
  local which = count > 1 and (' (%d of %d)'):format(self.alternative, count) or ''
  local state = revision.state == 'running' and ' …' or ''
  local said = vim.iter({ revision.message, revision.note }):filter(function(text)
    return text ~= ''
  end)
  local keys = (count > 1 and '<Tab> next  ' or '') .. self:keys()
  return (table.concat({ revision.title .. which .. state, keys, said:join(' ') }, '   '):gsub('   +', '   '))
end

function Preview:draw()
  local canvas = self:drawn()
  vim.bo[self.buffer].modifiable = true
  vim.api.nvim_buf_set_lines(self.buffer, 0, -1, false, canvas.lines)
  vim.bo[self.buffer].modifiable = false
  vim.api.nvim_buf_clear_namespace(self.buffer, NAMESPACE, 0, -1)
  for _, mark in ipairs(canvas.marks) do
    local row, column, last_row, last_column, group = unpack(mark)
    local options = { end_row = last_row, end_col = last_column, hl_group = group }
    vim.api.nvim_buf_set_extmark(self.buffer, NAMESPACE, row, column, options)
  end
  for _, window in ipairs(vim.fn.win_findbuf(self.buffer)) do
    vim.wo[window][0].winbar = self:heading():gsub('%%', '%%%%') .. '%<'
  end
end

---@param command string
---@param arguments? table
function Preview:order(command, arguments)
  local argument = vim.tbl_extend('error', { id = self.revision.id }, arguments or {})
  -- Of the manuscript: what was typed there a moment ago is sent first, or Neovim would refuse the edit as too old.
  local manuscript = vim.uri_to_bufnr(self.revision.uri)
  self.client:exec_cmd({ title = command, command = command, arguments = { argument } }, { bufnr = manuscript })
end

---Put in what the writer has not left out.
function Preview:accept()
  local chosen = self:chosen()
  if self.revision.state == 'running' or not chosen then
    return
  end
  local manuscript = vim.uri_to_bufnr(self.revision.uri)
  if not vim.bo[manuscript].modifiable then
    vim.notify('Writer: the manuscript cannot be modified.')
    return
  end
  if not self:compares() then
    self:order('lspWriter.acceptRevision', {
      alternative = self.alternative - 1,
      evenIfChanged = true, -- the heading says so
      version = vim.lsp.util.buf_versions[manuscript],
    })
    return
  end
  local wanted = {}
  for number in ipairs(chosen.hunks) do
    if not self.left_out[number] then
      table.insert(wanted, number - 1)
    end
  end
  if #wanted == 0 then
    vim.notify('Writer: every change is left out; x takes one back.')
    return
  end
  local hunks = #wanted < #chosen.hunks and wanted or nil
  self:order('lspWriter.acceptRevision', { alternative = self.alternative - 1, hunks = hunks })
end

---The change at the cursor, or the one before it.
---@return integer?
function Preview:change_here()
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local here
  for number, place in ipairs(self.places) do
    if place[1] < row or (place[1] == row and place[2] <= column) then
      here = number
    end
  end
  return here or (self.places[1] and 1)
end

---Leave the change at the cursor out, or take it again.
function Preview:toggle()
  local number = self:change_here()
  if number then
    self.left_out[number] = not self.left_out[number] or nil
    local cursor = self.places[number]
    self:draw()
    vim.api.nvim_win_set_cursor(0, cursor)
  end
end

---@param step integer
function Preview:go(step)
  local number = self:change_here()
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local at = number and self.places[number]
  if not at then
    return
  end
  local is_before = row < at[1] or (row == at[1] and column < at[2])
  local is_after = row > at[1] or (row == at[1] and column > at[2])
  local aim = (step > 0 and is_before or step < 0 and is_after) and number or number + step
  if self.places[aim] then
    vim.api.nvim_win_set_cursor(0, self.places[aim])
  end
end

---@param step integer
function Preview:turn(step)
  local count = #(self.revision.alternatives or {})
  if count > 1 then
    self.alternative = (self.alternative - 1 + step) % count + 1
    self.left_out = {}
    self:draw()
  end
end

function Preview:retry()
  self:order('lspWriter.retryRevision')
end

---From where it was stopped.
function Preview:go_on()
  self:order('lspWriter.continueRevision')
end

---Stop what is under way, keeping what there is; or give it up.
function Preview:leave()
  self:order(self.revision.state == 'running' and 'lspWriter.stopRevision' or 'lspWriter.discardRevision')
end

function Preview:map_keys()
  local function map(key, description, act)
    vim.keymap.set('n', key, act, { buffer = self.buffer, nowait = true, desc = description })
  end
  map('<CR>', 'Accept the rewrite', function()
    self:accept()
  end)
  map('x', 'Leave this change out, or take it again', function()
    self:toggle()
  end)
  map(']c', 'The next change', function()
    self:go(1)
  end)
  map('[c', 'The change before', function()
    self:go(-1)
  end)
  map('<Tab>', 'The next version', function()
    self:turn(1)
  end)
  map('<S-Tab>', 'The version before', function()
    self:turn(-1)
  end)
  map('r', 'Try again', function()
    tried_again = self.revision.uri
    self:retry()
  end)
  map('c', 'Go on from where it was stopped', function()
    self:go_on()
  end)
  map('q', 'Stop it, or give it up', function()
    self:leave()
  end)
end

---A window that shows the manuscript, in this tab page if there is one, or else one that can be split.
---@param manuscript integer the buffer
---@return integer
local function window_of(manuscript)
  local here = vim.fn.bufwinid(manuscript)
  if here ~= -1 then
    return here
  end
  return vim.fn.win_findbuf(manuscript)[1]
    or vim.iter(vim.api.nvim_tabpage_list_wins(0)):find(function(window)
      return vim.api.nvim_win_get_config(window).relative == ''
    end)
end

-- Columns: half of a narrower window is too narrow for a line of prose.
local NARROW, NARROW_FLOAT = 60, 50

---@param manuscript integer the window
---@return table how to open a window for it
local function placed(manuscript)
  local preview = require('lsp_writer').options().preview
  if preview ~= 'float' then
    local is_narrow = vim.api.nvim_win_get_width(manuscript) < NARROW
    return { split = is_narrow and 'below' or preview, win = manuscript }
  end
  local width, height = math.floor(vim.o.columns * 0.45), math.floor(vim.o.lines * 0.6)
  width = math.max(1, math.min(vim.o.columns - 2, math.max(width, NARROW_FLOAT)))
  return {
    relative = 'editor',
    row = 1,
    col = vim.o.columns - width - 2,
    width = width,
    height = height,
    border = 'rounded',
  }
end

---Beside the manuscript; the cursor stays where the writer is at work.
function Preview:show()
  if #vim.fn.win_findbuf(self.buffer) > 0 then
    return
  end
  local manuscript = window_of(vim.uri_to_bufnr(self.revision.uri))
  local enter = tried_again == self.revision.uri
  tried_again = nil
  local window = vim.api.nvim_open_win(self.buffer, enter, placed(manuscript))
  local own = vim.wo[window][0] -- not those of whatever the writer opens there next
  own.wrap = true
  own.linebreak = true
  own.number = false
  own.relativenumber = false
  own.signcolumn = 'no'
end

function Preview:close()
  previews[self.revision.id] = nil
  if vim.api.nvim_buf_is_valid(self.buffer) then
    vim.api.nvim_buf_delete(self.buffer, { force = true })
  end
end

---@param client vim.lsp.Client
---@param revision lsp_writer.Revision
---@return lsp_writer.Preview
local function open(client, revision)
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(buffer, ('writer://%s/%s'):format(revision.id:sub(1, 4), revision.title))
  local preview = setmetatable({
    client = client,
    revision = revision,
    state = '',
    buffer = buffer,
    alternative = 1,
    left_out = {},
    places = {},
  }, Preview)
  preview:map_keys()
  return preview
end

---A proposal has come to another state, or has grown.
---@param client vim.lsp.Client
---@param revision lsp_writer.Revision
function M.told(client, revision)
  if vim.fn.getcmdwintype() ~= '' then
    -- While the command-line window is open, no other may change.
    local again = vim.schedule_wrap(function()
      M.told(client, revision)
    end)
    vim.api.nvim_create_autocmd('CmdwinLeave', { once = true, callback = again })
    return
  end
  local preview = previews[revision.id]
  if preview and not vim.api.nvim_buf_is_valid(preview.buffer) then
    -- The writer has wiped it out: as one that was closed, it comes back with the next news.
    if revision.state == preview.state then
      preview.revision = revision
      return
    end
    preview = nil
  end
  if OVER[revision.state] then
    if preview then
      preview:close()
    end
    previews[revision.id] = nil
    if revision.message ~= '' then
      require('lsp_writer.notice').say(revision.message)
    end
    return
  end
  if revision.state == 'applying' and not preview then
    return -- the writer has asked for no preview
  end
  if not preview then
    preview = open(client, revision)
    previews[revision.id] = preview
  end
  local is_news = revision.state ~= preview.state
  preview.revision, preview.state = revision, revision.state
  if is_news then
    preview.alternative, preview.left_out = 1, {}
    preview:show() -- but leave one that grows alone when the writer has closed it
  end
  preview:draw()
end

---The rewrite that waits in the current window or, from a manuscript, the newest of its own.
---@return lsp_writer.Preview?
function M.meant()
  local buffer = vim.api.nvim_get_current_buf()
  local uri = vim.uri_from_bufnr(buffer)
  local meant
  for _, preview in pairs(previews) do
    if preview.buffer == buffer then
      return preview
    end
    if preview.revision.uri == uri and (not meant or preview.buffer > meant.buffer) then
      meant = preview
    end
  end
  return meant
end

---Those of a server that has gone cannot be accepted any more.
---@param client_id integer
function M.forget(client_id)
  for _, preview in pairs(previews) do
    if preview.client.id == client_id then
      preview:close()
    end
  end
end

return M
