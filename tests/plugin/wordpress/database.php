<?php
/** $wpdb over a few tables of the state. It takes only what was prepared, or has nothing in it that varies. */

class wpdb {
	public $prefix  = 'wp_';
	public $options = 'wp_options';
	/** Each query, as it was run. */
	public $queries = array();
	private $prepared = array();
	private $locks    = array();

	public function esc_like( $text ) {
		return addcslashes( $text, '_%\\' );
	}

	/** %s is quoted and escaped, %d and %f are numbers, %i names a table or a column. */
	public function prepare( $query, ...$values ) {
		$values = 1 === count( $values ) && is_array( $values[0] ) ? $values[0] : $values;
		if ( ! preg_match_all( '/%[sdfi]/', $query, $places ) || count( $places[0] ) !== count( $values ) ) {
			throw new LogicException( "the placeholders do not fit the values: $query" );
		}
		if ( preg_match( '/[\'"]%s[\'"]/', $query ) ) {
			throw new LogicException( "a placeholder in quotes: $query" );
		}
		$sql = preg_replace_callback(
			'/%%|%[sdfi]/',
			static function ( $found ) use ( &$values ) {
				if ( '%%' === $found[0] ) {
					return '%';
				}
				$value = array_shift( $values );
				switch ( $found[0] ) {
					case '%d':
						return (string) (int) $value;
					case '%f':
						return (string) (float) $value;
					case '%i':
						return '`' . str_replace( '`', '``', $value ) . '`';
				}
				return "'" . addslashes( (string) $value ) . "'";
			},
			$query
		);
		$this->prepared[ $sql ] = true;
		return $sql;
	}

	public function get_row( $sql, $output = OBJECT, $place = 0 ) {
		$rows = $this->run( $sql );
		$row  = $rows[ $place ] ?? null;
		return null === $row || ARRAY_A === $output ? $row : (object) $row;
	}

	public function get_results( $sql, $output = OBJECT ) {
		$rows = $this->run( $sql );
		return ARRAY_A === $output ? $rows : array_map( static fn( $row ) => (object) $row, $rows );
	}

	public function get_var( $sql ) {
		$rows = $this->run( $sql );
		return isset( $rows[0] ) ? (string) reset( $rows[0] ) : null;
	}

	public function get_col( $sql ) {
		return array_map( static fn( $row ) => (string) reset( $row ), $this->run( $sql ) );
	}

	/** How many rows it changed. */
	public function query( $sql ) {
		return count( $this->run( $sql ) );
	}

	public function delete( $table, $where, $formats = null ) {
		$pairs = array();
		foreach ( $where as $column => $value ) {
			$pairs[] = is_int( $value ) ? "`$column` = $value" : "`$column` = '" . addslashes( (string) $value ) . "'";
		}
		$sql                    = "DELETE FROM `$table` WHERE " . implode( ' AND ', $pairs );
		$this->prepared[ $sql ] = true;
		return $this->query( $sql );
	}

	private function run( $sql ) {
		$this->queries[] = $sql;
		if ( ! isset( $this->prepared[ $sql ] ) && preg_match( '/[\'"\d]/', $sql ) ) {
			throw new LogicException( "not prepared: $sql" );
		}
		if ( preg_match( "/^SELECT (GET|RELEASE)_LOCK\('([^']{1,64})'/", $sql, $found ) ) {
			return array( array( 'GET' === $found[1] ? $this->lock( $found[2] ) : $this->unlock( $found[2] ) ) );
		}
		if ( ! preg_match( '/^\s*(?:SELECT\s+(?<columns>[\w\s,`*()]+?)\s+FROM|(?<delete>DELETE)\s+FROM)\s+`?(?<table>\w+)`?(?:\s+WHERE\s+(?<where>.+?))?(?:\s+ORDER BY\s+(?<order>\w+)\s+(?<way>ASC|DESC))?(?:\s+LIMIT\s+(?<limit>\d+))?\s*$/is', $sql, $found ) ) {
			throw new LogicException( "not a query that is played here: $sql" );
		}
		$tests = array_filter( preg_split( '/\s+AND\s+(?=`?\w+`?\s*(?:=|LIKE\b))/i', $found['where'] ?? '' ) );
		$fits  = static function ( $row ) use ( $tests ) {
			foreach ( $tests as $test ) {
				if ( ! self::holds( $row, $test ) ) {
					return false;
				}
			}
			return true;
		};
		$rows  = array_values( array_filter( stored( 'tables' )[ $found['table'] ] ?? array(), $fits ) );
		if ( $found['delete'] ?? '' ) {
			store(
				'tables',
				static function ( $tables ) use ( $found, $fits ) {
					$tables[ $found['table'] ] = array_values( array_filter( $tables[ $found['table'] ] ?? array(), static fn( $row ) => ! $fits( $row ) ) );
					return $tables;
				}
			);
			return $rows;
		}
		if ( $found['order'] ?? '' ) {
			usort( $rows, static fn( $one, $other ) => ( 'DESC' === $found['way'] ? -1 : 1 ) * ( $one[ $found['order'] ] <=> $other[ $found['order'] ] ) );
		}
		$rows    = isset( $found['limit'] ) ? array_slice( $rows, 0, (int) $found['limit'] ) : $rows;
		$columns = array_map( static fn( $one ) => trim( $one, " `\n\t" ), explode( ',', $found['columns'] ) );
		if ( array( 'COUNT(*)' ) === $columns ) {
			return array( array( count( $rows ) ) );
		}
		return array( '*' ) === $columns ? $rows : array_map( static fn( $row ) => array_merge( array_fill_keys( $columns, null ), array_intersect_key( $row, array_flip( $columns ) ) ), $rows );
	}

	/** Whoever dies lets go of it. */
	private function lock( $name ) {
		$this->locks[ $name ] = fopen( sys_get_temp_dir() . '/wordpress-lock-' . md5( state_file() . $name ), 'c' );
		for ( $tries = 0; $tries < 100; $tries++ ) {
			if ( flock( $this->locks[ $name ], LOCK_EX | LOCK_NB ) ) {
				return 1;
			}
			usleep( 10000 );
		}
		return 0;
	}

	private function unlock( $name ) {
		flock( $this->locks[ $name ], LOCK_UN );
		return 1;
	}

	private static function holds( $row, $test ) {
		if ( ! preg_match( '/^\s*`?(\w+)`?\s*(=|LIKE)\s*(?:\'(.*)\'|(-?\d+))\s*$/is', $test, $found ) ) {
			throw new LogicException( "not a condition that is played here: $test" );
		}
		$value = isset( $found[4] ) ? $found[4] : stripslashes( $found[3] );
		$had   = (string) ( $row[ $found[1] ] ?? '' );
		if ( '=' === $found[2] ) {
			return $had === $value;
		}
		$pattern = preg_replace_callback( '/\\\\(.)|(%)|(_)|(.)/su', static fn( $one ) => isset( $one[4] ) ? preg_quote( $one[4], '/' ) : ( ! empty( $one[3] ) ? '.' : ( ! empty( $one[2] ) ? '.*' : preg_quote( $one[1], '/' ) ) ), $value );
		return (bool) preg_match( "/^$pattern$/su", $had );
	}
}

const OBJECT  = 'OBJECT';
const ARRAY_A = 'ARRAY_A';

$GLOBALS['wpdb'] = new wpdb();
