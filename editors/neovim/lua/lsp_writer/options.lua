-- What `setup` takes. The rest of the settings are the server's, under `settings`.

local M = {}

---@class lsp_writer.Options
---@field cmd string[] what starts the server, program first
---@field filetypes string[] that it attaches to
---@field settings table the server's (docs/settings.md)
---@field preview 'right'|'below'|'float' where rewrites are shown
---@field keys table<string, string|false> by what they do; `false` for none

---@return lsp_writer.Options
local function defaults()
  return {
    cmd = { 'lsp-writer', '--stdio' },
    filetypes = { 'markdown', 'text' },
    settings = {},
    preview = 'right',
    keys = {
      accept = '<Tab>',
      accept_word = '<C-Right>',
      accept_sentence = '<M-CR>',
      next = '<M-]>',
      previous = '<M-[>',
      dismiss = '<C-e>',
      ask = '<M-\\>',
    },
  }
end

---@param value any
---@return boolean
local function is_list_of_strings(value)
  return vim.islist(value)
    and #value > 0
    and vim.iter(value):all(function(each)
      return type(each) == 'string'
    end)
end

local FITS = {
  cmd = { is_list_of_strings, 'a list of strings, program first' },
  filetypes = { is_list_of_strings, 'a list of strings' },
  settings = {
    function(value)
      return type(value) == 'table'
    end,
    'a table',
  },
  preview = {
    function(value)
      return vim.list_contains({ 'right', 'below', 'float' }, value)
    end,
    '"right", "below" or "float"',
  },
}

local function is_key(value)
  return value == false or (type(value) == 'string' and value ~= '')
end

---@alias lsp_writer.Problem { option: string, text: string }

---The defaults with what fits of `given`, and what is wrong with the rest.
---@param given any
---@return lsp_writer.Options
---@return lsp_writer.Problem[] problems
function M.read(given)
  local options, problems = defaults(), {}
  local function add(option, text)
    table.insert(problems, { option = option, text = ('`%s` %s.'):format(option, text) })
  end
  local function complain(option, expected)
    add(option, ('is to be %s; the default is used'):format(expected))
  end
  if type(given) ~= 'table' then
    add('setup', 'takes a table; the defaults are used')
    return options, problems
  end
  for name, value in pairs(given) do
    local fits = FITS[name]
    if name == 'keys' then
      for act, key in pairs(type(value) == 'table' and value or {}) do
        if options.keys[act] == nil then
          local known = vim.tbl_keys(options.keys)
          table.sort(known)
          add('keys.' .. tostring(act), 'is unknown; there are: ' .. table.concat(known, ', '))
        elseif not is_key(key) then
          complain('keys.' .. act, 'a key, or false')
        else
          options.keys[act] = key
        end
      end
      if type(value) ~= 'table' then
        complain(name, 'a table')
      end
    elseif not fits then
      add(tostring(name), 'is no option; `:help lsp_writer-options` has them')
    elseif fits[1](value) then
      options[name] = value
    else
      complain(name, fits[2])
    end
  end
  table.sort(problems, function(one, other)
    return one.option < other.option
  end)
  return options, problems
end

return M
